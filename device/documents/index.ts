/** The store's documents: collections, and the pure rules for what is written into them. */
export { changedEnough, positionDocument } from './positions.ts';
export { openStoreDocuments, type StoreCollections, type StoreDocuments } from './store-documents.ts';
export { startingPolicy } from './starting-policy.ts';
export { settledReason, taskForException, taskForTransfer, tasksForOrder } from './task-rules.ts';
export {
  type Answer,
  type AnswerProblem,
  awaitsDecision,
  decideTransfer,
  limitProblem,
  nextStep,
  sideOf,
  takeTransferStep,
} from './transfer-answers.ts';
export {
  policyInForce,
  type PolicyInForce,
  type Refusal,
  trustedStaff,
} from './trusted-grants.ts';
