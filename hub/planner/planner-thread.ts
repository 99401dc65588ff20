/**
 * The planning thread: reading, markets, solvers and explanations run here so that the hub's event loop stays free.
 * One request at a time, in order; between requests it holds nothing but the warm solver.
 */
import { parentPort } from 'node:worker_threads';
import { describePlan } from './describe-plan.ts';
import { createHighsSolver } from './highs-solver.ts';
import { markets, openLanes } from './market.ts';
import { PlanningError } from './planning-error.ts';
import type { PlannerAsks, PlanProgress, PlanRequest, ThreadSays } from './planner-messages.ts';
import { packFile } from './problem-file.ts';
import { solveMarkets } from './solve-markets.ts';
import { usualTimeLimit } from './time-limit.ts';

const ROWS_PER_PART = 2_000;
const PROGRESS_EVERY_MS = 250;
const solver = createHighsSolver();
const say = (said: ThreadSays): void => parentPort?.postMessage(said, []);
let askedForMore: (() => void) | undefined;

async function answer(request: PlanRequest): Promise<void> {
  const { id, gap, source } = request;
  const startedAt = performance.now();
  const elapsedSeconds = (): number => (performance.now() - startedAt) / 1000;
  const stop = new Int32Array(request.stop);
  const shouldStop = (): boolean => Atomics.load(stop, 0) === 1;
  const progress = (said: PlanProgress): void => say({ type: 'progress', id, progress: said });
  if (source.kind === 'file') progress({ stage: 'reading' });
  const packed = source.kind === 'file' ? await packFile(source.file, { shouldStop }) : source.packed;
  progress({ stage: 'preparing' });
  const lanes = openLanes(packed);
  const timeLimitSeconds = request.timeLimitSeconds ?? usualTimeLimit(packed.positions.store.length);
  let saidAt = 0;
  const plan = await solveMarkets(
    solver,
    { lanes, markets: [...markets(packed, lanes)] },
    {
      timeLimitSeconds,
      gap,
      shouldStop,
      elapsedSeconds,
      report: (values) => {
        if (performance.now() - saidAt < PROGRESS_EVERY_MS) return;
        saidAt = performance.now();
        progress({ stage: 'solving', ...values });
      },
    },
  );
  progress({ stage: 'explaining' });
  const { moves, unmet, ...head } = describePlan(packed, plan);
  const rows = Math.max(moves.length, unmet.length);
  for (let from = 0; ; from += ROWS_PER_PART) {
    const end = from + ROWS_PER_PART;
    const part = { type: 'part', id, moves: moves.slice(from, end), unmet: unmet.slice(from, end) } as const;
    if (end >= rows) return say({ ...part, head: { ...head, seconds: elapsedSeconds() } });
    const more = Promise.withResolvers<void>();
    askedForMore = more.resolve;
    say(part);
    await more.promise;
    if (shouldStop()) throw new PlanningError('plan-aborted', 'Planning was aborted by its caller.');
  }
}

async function serve(request: PlanRequest): Promise<void> {
  try {
    await answer(request);
  } catch (error) {
    const code = error instanceof PlanningError ? error.code : errorCode(error);
    const message = error instanceof Error ? error.message : String(error);
    say({ type: 'failed', id: request.id, code, message });
  }
}

/** A file that cannot be read keeps its own code. */
const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'plan-solver-failed';

let last: Promise<void> = Promise.resolve();
parentPort?.on('message', (asked: PlannerAsks) => {
  if (asked.type === 'more') askedForMore?.();
  else last = last.then(() => serve(asked));
});
