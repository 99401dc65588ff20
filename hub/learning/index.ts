/** Learning's door at the hub: what stores report about their error rates comes back as the chain's knowledge. */
export { ChainLearning } from './chain-learning.ts';
