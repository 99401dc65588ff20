/**
 * Packs a problem that is already in memory. A chain of a million positions takes seconds, so packing pauses to let
 * the caller's event loop turn.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PlanningProblem } from '../../protocol/index.ts';
import type { PackedProblem } from './packed-problem.ts';
import { ProblemPacker } from './problem-packer.ts';

const ROWS_PER_TURN = 2_000;

export async function packProblem(problem: PlanningProblem, signal?: AbortSignal): Promise<PackedProblem> {
  const steps = packInSteps(problem);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await nextTurn();
    signal?.throwIfAborted();
  }
}

/** The same without pausing, for small problems and tests. */
export function packAtOnce(problem: PlanningProblem): PackedProblem {
  const steps = packInSteps(problem);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

function* packInSteps(problem: PlanningProblem): Generator<void, PackedProblem> {
  const packer = new ProblemPacker();
  for (const { id } of problem.stores) packer.store(id);
  let rows = 0;
  for (const lane of problem.lanes) {
    packer.lane(lane);
    if (++rows % ROWS_PER_TURN === 0) yield;
  }
  for (const position of problem.positions) {
    packer.position(position);
    if (++rows % ROWS_PER_TURN === 0) yield;
  }
  for (const need of problem.needs) packer.need(need);
  packer.policy(problem.policy);
  return packer.finish();
}
