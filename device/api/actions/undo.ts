/**
 * Taking back what was just done. A count, a sighting or a pick is corrected by a new entry that names it: both
 * are left out of every fold from then on, as if neither had been written. A task is opened again.
 */
import { type Accepted, instant, type LedgerEntry, newId } from '@truecount/protocol';
import type { AgentPort } from '../ports.ts';
import { ProblemError } from '../problem.ts';
import { takeBackCause } from './causes.ts';
import { KIOSK_FEED } from './commit.ts';
import { reopenTask } from './tasks.ts';

const UNDOABLE = new Set(['count', 'seen', 'pick']);

/**
 * @param id of the request that counted, saw or picked, of the task that was done or dismissed, or of the exception
 *   whose cause was said
 * @param isRecent later mistakes are corrected by counting again
 */
export async function undo(agent: AgentPort, id: string, isRecent: boolean): Promise<Accepted> {
  const done = { id, committedAt: instant(agent.clock.now()) };
  if (isRecent && (await takeBackCause(agent, id))) return done;
  const task = await agent.collections.tasks.findOne(id).exec();
  const entry =
    agent.ledger.find(id) ?? (task?.sku === undefined ? undefined : entryOfTask(agent, id, task.sku));
  if (entry === undefined && task === null)
    throw new ProblemError(404, 'E_NOTHING_TO_UNDO', `nothing was done here under ${id}`);
  const isTakenBack = entry !== undefined && agent.ledger.correctedIds().has(entry.id);
  if (!isTakenBack && !isRecent)
    throw new ProblemError(
      409,
      'E_TOO_LATE_TO_UNDO',
      'this can no longer be taken back; count the product again',
    );
  if (entry === undefined) {
    await reopenTask(agent, id);
    await agent.settle([]);
    return done;
  }
  if (!isTakenBack && entry.feed === KIOSK_FEED && UNDOABLE.has(entry.observation.type))
    await takeBack(agent, entry);
  return done;
}

const sourceOfTask = (taskId: string): string => `task ${taskId}`;

const entryOfTask = (agent: AgentPort, taskId: string, sku: string): LedgerEntry | undefined =>
  agent.ledger
    .latest(sku, 200)
    .find((entry) => entry.source === sourceOfTask(taskId) && entry.corrects === undefined);

async function takeBack(agent: AgentPort, entry: LedgerEntry): Promise<void> {
  const { observation } = entry;
  if (!('sku' in observation)) return;
  const nowMs = agent.clock.now();
  await agent.takeBack(entry.id, {
    id: newId(nowMs),
    corrects: entry.id,
    source: `takes back ${entry.id}`,
    observation: { type: 'record', t: instant(nowMs), sku: observation.sku, qty: recordBefore(agent, entry) },
  });
  const taskId = /^task (.+)$/.exec(entry.source ?? '')?.[1];
  if (taskId !== undefined) await reopenTask(agent, taskId);
  await agent.settle([observation.sku]);
}

/** What the record said before the entry: for readers that do not know corrections. */
function recordBefore(agent: AgentPort, entry: LedgerEntry): number {
  if (!('sku' in entry.observation)) return 0;
  const record = agent.belief().position(entry.observation.sku)?.record ?? 0;
  if (entry.observation.type === 'pick') return record + entry.observation.found;
  if (entry.observation.type !== 'count') return record;
  let before = 0;
  for (const earlier of agent.ledger.latest(entry.observation.sku, 1000).toReversed()) {
    if (earlier.id === entry.id) break;
    before = recordAfter(before, earlier);
  }
  return before;
}

/** The rules the record follows (see the observation table of the protocol). */
function recordAfter(record: number, { observation }: LedgerEntry): number {
  switch (observation.type) {
    case 'record':
    case 'count':
      return observation.qty;
    case 'sale':
    case 'waste':
      return record - observation.qty;
    case 'return':
      return observation.sellable === false ? record : record + observation.qty;
    case 'receipt':
      return record + (observation.qty ?? 0);
    case 'transfer':
      return record + observation.qty;
    case 'pick':
      return record - observation.found;
    case 'shelf':
    case 'seen':
    case 'catalog':
    case 'open':
    case 'close':
    case 'checkpoint':
      return record;
    default:
      return observation satisfies never;
  }
}
