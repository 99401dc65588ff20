/**
 * The planning thread: markets and solvers run here so that the hub's event loop stays free. One request at a
 * time, in order; between requests it holds nothing but the warm solver.
 */
import { parentPort } from 'node:worker_threads';
import { createHighsSolver } from './highs-solver.ts';
import { markets } from './market.ts';
import { PlanningError } from './planning-error.ts';
import type { PlanAnswer, PlanRequest } from './planner-messages.ts';
import { solveMarkets } from './solve-markets.ts';

const solver = createHighsSolver();

async function answer(request: PlanRequest): Promise<PlanAnswer> {
  const { id, packed, timeLimitSeconds, gap } = request;
  const startedAt = performance.now();
  const stop = new Int32Array(request.stop);
  const plan = await solveMarkets(
    solver,
    { lanes: packed.lanes, markets: [...markets(packed)] },
    {
      timeLimitSeconds,
      gap,
      shouldStop: () => Atomics.load(stop, 0) === 1,
      elapsedSeconds: () => (performance.now() - startedAt) / 1000,
    },
  );
  return {
    id,
    ok: true,
    lane: Int32Array.from(plan.flows, (flow) => packed.lanes.lane[flow.lane] ?? 0),
    sku: Int32Array.from(plan.flows, (flow) => flow.sku),
    units: Int32Array.from(plan.flows, (flow) => flow.units),
    bound: plan.bound,
    method: plan.method,
  };
}

async function serve(request: PlanRequest): Promise<void> {
  const reply = await answer(request).catch((error: unknown): PlanAnswer => {
    const code = error instanceof PlanningError ? error.code : 'plan-solver-failed';
    return {
      id: request.id,
      ok: false,
      code,
      message: error instanceof Error ? error.message : String(error),
    };
  });
  const columns = reply.ok ? [reply.lane, reply.sku, reply.units] : [];
  const buffers = columns.map((column) => column.buffer as ArrayBuffer);
  parentPort?.postMessage(reply, buffers);
}

let last: Promise<void> = Promise.resolve();
parentPort?.on('message', (request: PlanRequest) => {
  last = last.then(() => serve(request));
});
