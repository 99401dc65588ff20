/** What people did with their tasks: the rankers learn from it. No name of a person is read. */
import type { Exception, Task } from '@truecount/protocol';
import { type ExceptionSigns, type ResolvedCase, stockSignsIn, type TaskOutcome } from '../learning/index.ts';
import type { StoreCollections } from '../documents/index.ts';

const HOUR_MS = 3_600_000;
/** The newest ones: habits change. */
const MOST_LESSONS = 2000;
/** Who dismisses a task whose reason is gone; nobody decided anything then. */
const AGENT = 'agent';

export async function taskOutcomes(
  { tasks, exceptions }: StoreCollections,
  hourOf: (ms: number) => number,
): Promise<readonly TaskOutcome[]> {
  const found = await tasks.find().exec();
  const ended = found
    .map((document) => document.toJSON() as Task)
    .filter((task) => endOf(task) !== undefined)
    .sort((a, b) => (endOf(b) ?? '').localeCompare(endOf(a) ?? ''))
    .slice(0, MOST_LESSONS);
  const known = await exceptions.findByIds(ended.flatMap(({ exceptionId }) => exceptionId ?? [])).exec();
  return ended.map((task) => {
    const reason = known.get(task.exceptionId ?? '')?.toJSON() as Exception | undefined;
    return {
      signs: signsOf(task, reason, Date.parse(endOf(task) as string), hourOf),
      acted: task.done !== undefined,
    };
  });
}

/** Exceptions of which people said what had made the record wrong, newest first. */
export async function resolvedCases({ exceptions }: StoreCollections): Promise<readonly ResolvedCase[]> {
  const found = await exceptions.find({ selector: { found: { $exists: true } } }).exec();
  return found
    .map((document) => document.toJSON() as Exception)
    .sort((a, b) => (b.found?.at ?? '').localeCompare(a.found?.at ?? ''))
    .slice(0, MOST_LESSONS)
    .flatMap(({ found: answer, signs: kept }) => {
      const signs = kept && stockSignsIn(kept);
      return answer === undefined || signs === undefined ? [] : [{ signs, cause: answer.cause }];
    });
}

/** When a person did or dismissed it; undefined while it is open, or when nobody was asked. */
function endOf(task: Task): string | undefined {
  if (task.done !== undefined) return task.done.at;
  return task.dismissed === undefined || task.dismissed.by === AGENT ? undefined : task.dismissed.at;
}

/** A task as the ranker sees it at a moment. */
export function signsOf(
  task: Task,
  reason: Pick<Exception, 'kind' | 'confidence'> | undefined,
  nowMs: number,
  hourOf: (ms: number) => number,
): ExceptionSigns {
  return {
    kind: reason?.kind ?? task.kind,
    confidence: reason?.confidence ?? 1,
    exposure: task.value.minor / 100,
    ageHours: Math.max(0, nowMs - Date.parse(task.createdAt)) / HOUR_MS,
    hour: hourOf(nowMs),
  };
}

/** Hour of the day in store time, 0..24. */
export function storeHour(timeZone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
  return (ms) => {
    const [hours, minutes] = format.format(ms).split(':').map(Number);
    return ((hours ?? 0) % 24) + (minutes ?? 0) / 60;
  };
}
