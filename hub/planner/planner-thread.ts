/**
 * The planning thread: reading, markets, solvers and explanations run here so that the hub's event loop stays free.
 * One request at a time, in order; between requests it holds nothing but the warm solver.
 */
import { parentPort } from 'node:worker_threads';
import type { PlanMove, UnmetNeed } from '../../protocol/index.ts';
import { describeInParts } from './describe-plan.ts';
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
  let part: { moves: PlanMove[]; unmet: UnmetNeed[] } = { moves: [], unmet: [] };
  const passOn = async (): Promise<void> => {
    const more = Promise.withResolvers<void>();
    askedForMore = more.resolve;
    say({ type: 'part', id, ...part });
    part = { moves: [], unmet: [] };
    await more.promise;
    if (shouldStop()) throw new PlanningError('plan-aborted', 'Planning was aborted by its caller.');
  };
  const described = describeInParts(packed, plan);
  let step = described.next();
  for (; !step.done; step = described.next()) {
    part.moves.push(...step.value);
    if (part.moves.length >= ROWS_PER_PART) await passOn();
  }
  const { unmet, ...head } = step.value;
  for (let from = 0; from < unmet.length; from += ROWS_PER_PART) {
    part.unmet = unmet.slice(from, from + ROWS_PER_PART);
    if (from + ROWS_PER_PART < unmet.length) await passOn();
  }
  say({ type: 'part', id, ...part, head: { ...head, seconds: elapsedSeconds() } });
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
