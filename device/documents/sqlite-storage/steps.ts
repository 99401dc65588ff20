import { setImmediate } from 'node:timers/promises';

/**
 * Work that may pause between steps: a generator that yields wherever it is fine to let the event loop turn.
 *
 * Run this way, short work finishes synchronously, which is what nearly all reads are, and long work never holds the
 * loop for more than one slice and one step.
 */
export type Steps<Result> = Generator<undefined, Result, undefined>;

const sliceMs = 8;

export function runInSlices<Result>(steps: Steps<Result>): Result | Promise<Result> {
  const finished = runOneSlice(steps);
  return finished ? finished.value : continueLater(steps);
}

async function continueLater<Result>(steps: Steps<Result>): Promise<Result> {
  for (;;) {
    await setImmediate();
    const finished = runOneSlice(steps);
    if (finished) return finished.value;
  }
}

function runOneSlice<Result>(steps: Steps<Result>): { readonly value: Result } | undefined {
  const untilMs = performance.now() + sliceMs;
  do {
    const step = steps.next();
    if (step.done) return step;
  } while (performance.now() < untilMs);
  return undefined;
}
