/**
 * One transaction of case work and all that commits with it: rows, audit facts (appended last, see AuditLog), follow-up
 * work, and, after the commit, the lines for people who watch.
 */
import { type Clock, type HubChangeEvent, hubChangeTopics } from '@truecount/protocol';
import type { Database, Transaction } from '../database/index.ts';
import type { AuditFact, AuditLog } from '../governance/index.ts';
import { enqueue, type WorkItem } from './work-queue.ts';

export type ChangeTopic = HubChangeEvent['topics'][number];

/** A line for people: what happened, in plain words. */
export interface Happening {
  readonly event: string;
  readonly text: string;
  readonly [name: string]: string | number | undefined;
}

export interface CaseWork {
  readonly tx: Transaction;
  readonly nowMs: number;
  /** Goes to the audit chain when the transaction commits. */
  audit(fact: AuditFact): void;
  followUp(item: WorkItem): void;
  tell(happening: Happening): void;
  changed(...topics: readonly ChangeTopic[]): void;
}

export interface Watchers {
  readonly onHappening: (happening: Happening) => void;
}

/** Every hub process hears what changed, whichever process changed it. */
const CHANGES_CHANNEL = 'truecount_changes';

/** Runs `work` in the given transaction and commits its facts and follow-ups with it. */
export async function inTransaction<T>(
  tx: Transaction,
  parts: { readonly audit: AuditLog; readonly clock: Clock; readonly watchers: Watchers },
  work: (work: CaseWork) => Promise<T>,
): Promise<T> {
  const facts: AuditFact[] = [];
  const items: WorkItem[] = [];
  const happenings: Happening[] = [];
  const topics = new Set<ChangeTopic>();
  const result = await work({
    tx,
    nowMs: parts.clock.now(),
    audit: (fact) => facts.push(fact),
    followUp: (item) => items.push(item),
    tell: (happening) => happenings.push(happening),
    changed: (...changed) => changed.forEach((topic) => topics.add(topic)),
  });
  await enqueue(tx, items);
  if (facts.length > 0) topics.add('audit');
  if (topics.size > 0) await tx.query('SELECT pg_notify($1, $2)', [CHANGES_CHANNEL, [...topics].join(' ')]);
  await parts.audit.append(tx, facts);
  tx.afterCommit(() => {
    for (const happening of happenings) parts.watchers.onHappening(happening);
  });
  return result;
}

export type RunCaseWork = <T>(work: (work: CaseWork) => Promise<T>) => Promise<T>;

export const caseWorkOn =
  (
    database: Database,
    parts: { readonly audit: AuditLog; readonly clock: Clock; readonly watchers: Watchers },
  ): RunCaseWork =>
  (work) =>
    database.transaction((tx) => inTransaction(tx, parts, work));

const known = new Set<string>(hubChangeTopics);
const isTopic = (name: string): name is ChangeTopic => known.has(name);

/** @param onChange hears every topic when some may have been missed */
export function listenForChanges(
  database: Database,
  onChange: (topics: readonly ChangeTopic[]) => void,
): Promise<() => Promise<void>> {
  return database.listen(CHANGES_CHANNEL, (payload) =>
    onChange(payload === undefined ? hubChangeTopics : payload.split(' ').filter(isTopic)),
  );
}
