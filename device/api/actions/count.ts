/** A count or a sighting made at a screen: an observation first, then everything that follows from it. */
import {
  type Accepted,
  type CountAccepted,
  type CountRequest,
  instant,
  type SeenRequest,
} from '@truecount/protocol';
import type { AgentPort } from '../ports.ts';
import { causeToAsk } from './causes.ts';
import { commit } from './commit.ts';
import { markDone } from './tasks.ts';

export async function count(agent: AgentPort, request: CountRequest, by: string): Promise<CountAccepted> {
  const t = instant(agent.clock.now());
  const source = request.taskId === undefined ? undefined : `task ${request.taskId}`;
  const at = await commit(
    agent,
    request.id,
    { type: 'count', t, sku: request.sku, qty: request.qty, by },
    source,
  );
  if (request.taskId !== undefined) await markDone(agent, request.taskId, { by, qty: request.qty });
  await agent.settle([request.sku]);
  const ask = await causeToAsk(agent, { sku: request.sku, qty: request.qty, at });
  return { id: request.id, committedAt: at, ...(ask === undefined ? {} : { ask }) };
}

export async function seen(agent: AgentPort, request: SeenRequest): Promise<Accepted> {
  const t = instant(agent.clock.now());
  const at = await commit(agent, request.id, { type: 'seen', t, sku: request.sku });
  await agent.settle([request.sku]);
  return { id: request.id, committedAt: at };
}
