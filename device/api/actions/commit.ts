/** What screens observed, into the ledger. */
import type { Observation } from '@truecount/protocol';
import type { AgentPort } from '../ports.ts';
import { ProblemError } from '../problem.ts';

export const KIOSK_FEED = 'kiosk';

/**
 * Commits one observation under the screen's id, so that a repeated request counts once.
 * @returns when the fact was committed: for a repeated request the first time
 */
export async function commit(
  agent: AgentPort,
  id: string,
  observation: Observation,
  source?: string,
): Promise<string> {
  if ('sku' in observation && agent.belief().position(observation.sku) === undefined)
    throw new ProblemError(
      404,
      'E_UNKNOWN_PRODUCT',
      `this store has never heard of ${observation.sku}; scan it again`,
    );
  const [result] = await agent.observe(KIOSK_FEED, [
    { id, observation, ...(source === undefined ? {} : { source }) },
  ]);
  if (result?.status === 'refused') throw new ProblemError(422, 'E_OBSERVATION', result.problem);
  if (result?.status === 'duplicate') return agent.ledger.find(id)?.observation.t ?? observation.t;
  return observation.t;
}
