/** The store at a glance, for its manager: open exceptions by kind and age, and the day so far. */
import {
  type BoardKind,
  type BoardView,
  type Exception,
  instant,
  type Money,
  type Task,
} from '@truecount/protocol';
import type { AgentPort } from './ports.ts';

const DAY_MS = 86_400_000;

export interface BoardFacts {
  /** Open ones, and those that were found or closed today. */
  readonly exceptions: readonly Exception[];
  readonly tasks: readonly Task[];
  readonly currency: string;
  readonly timeZone: string;
  readonly nowMs: number;
}

/** Pure. Days are the store's own, midnight to midnight. */
export function boardOf(facts: BoardFacts): Pick<BoardView, 'kinds' | 'today'> {
  const { exceptions, tasks, currency, nowMs } = facts;
  const isToday = sameDay(facts);
  const money = (parts: readonly Money[]): Money => ({
    minor: parts.reduce((sum, { minor }) => sum + minor, 0),
    currency,
  });
  const ageOf = ({ detectedAt }: Exception): keyof BoardKind['open'] => {
    if (isToday(detectedAt)) return 'today';
    return nowMs - Date.parse(detectedAt) < 7 * DAY_MS ? 'week' : 'older';
  };
  const open = Map.groupBy(
    exceptions.filter(({ state }) => state === 'open'),
    ({ kind }) => kind,
  );
  const kinds = [...open].map(([kind, found]): BoardKind => {
    const byAge = { today: 0, week: 0, older: 0 };
    for (const exception of found) byAge[ageOf(exception)]++;
    const oldest = found.map(({ detectedAt }) => detectedAt).toSorted()[0] ?? instant(nowMs);
    return { kind, open: byAge, oldest, exposure: money(found.map(({ exposure }) => exposure)) };
  });
  const done = tasks.filter(({ done: did }) => did !== undefined && isToday(did.at));
  return {
    kinds: kinds.toSorted((a, b) => b.exposure.minor - a.exposure.minor || a.kind.localeCompare(b.kind)),
    today: {
      found: exceptions.filter(({ detectedAt }) => isToday(detectedAt)).length,
      settled: exceptions.filter(({ closedAt }) => closedAt !== undefined && isToday(closedAt)).length,
      done: done.length,
      worth: money(done.map(({ value }) => value)),
      minutes: done.reduce((sum, { minutes }) => sum + minutes, 0),
      dismissed: tasks.filter(({ dismissed }) => dismissed !== undefined && isToday(dismissed.at)).length,
    },
  };
}

function sameDay({ timeZone, nowMs }: BoardFacts): (at: string) => boolean {
  const day = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  const today = day.format(nowMs);
  // Days are up to 25 hours long; formatting every exception of a year would take longer than all the rest.
  return (at) => {
    const ms = Date.parse(at);
    return Math.abs(nowMs - ms) < DAY_MS + 3_600_000 && day.format(ms) === today;
  };
}

export async function boardView(agent: AgentPort): Promise<BoardView> {
  const nowMs = agent.clock.now();
  const recent = instant(nowMs - 2 * DAY_MS);
  const { exceptions, tasks } = agent.collections;
  const [found, worked] = await Promise.all([
    exceptions.find({ selector: { $or: [{ state: 'open' }, { closedAt: { $gte: recent } }] } }).exec(),
    tasks
      .find({ selector: { $or: [{ 'done.at': { $gte: recent } }, { 'dismissed.at': { $gte: recent } }] } })
      .exec(),
  ]);
  const { id, name, currency, timeZone } = agent.store;
  const facts: BoardFacts = {
    exceptions: found.map((document) => document.toJSON() as Exception),
    tasks: worked.map((document) => document.toJSON() as Task),
    currency,
    timeZone,
    nowMs,
  };
  return { store: { id, name }, now: instant(nowMs), ...boardOf(facts) };
}
