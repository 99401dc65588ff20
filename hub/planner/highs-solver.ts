/**
 * The one place that talks to HiGHS (npm `highs`, WebAssembly, single-threaded).
 *
 * Models go in as sparse arrays, never as LP text (parsing text costs more than solving a large model). One
 * WebAssembly instance is kept; its memory only grows, and a trap or an interrupted run leaves it in a state
 * nobody vouches for, so it is dropped after either and when it has grown beyond `MAX_KEPT_BYTES`.
 */
import highsModule, { type Highs, type ModelData } from 'highs';
import type { LinearModel } from './linear-model.ts';
import { PlanningError } from './planning-error.ts';

/** The package's types describe its CommonJS build; the ES module's default export is the loader itself. */
const loadHighs = highsModule as unknown as (typeof highsModule)['default'];

const MAX_KEPT_BYTES = 512 * 2 ** 20;

export interface SolveLimits {
  readonly seconds: number;
  /** Stop when (bound - objective) / objective is at most this. */
  readonly relativeGap: number;
  readonly shouldStop: () => boolean;
  /** A feasible point to start from. */
  readonly start?: Float64Array | undefined;
}

export interface Solved {
  /** `optimal` within the gap asked for; `feasible` when a limit came first; `none` without any solution. */
  readonly status: 'optimal' | 'feasible' | 'none';
  readonly values: Float64Array;
  readonly objective: number;
  /** No solution of the model is worth more. */
  readonly bound: number;
}

export interface LinearSolver {
  solve(model: LinearModel, limits: SolveLimits): Promise<Solved>;
}

export function createHighsSolver(): LinearSolver {
  let instance: Promise<Highs> | undefined;
  return {
    async solve(model, limits) {
      instance ??= loadHighs();
      const highs = await instance;
      try {
        const { solved, interrupted } = run(highs, model, limits);
        if (interrupted || highs.memoryBytes > MAX_KEPT_BYTES) instance = undefined;
        return solved;
      } catch (error) {
        instance = undefined;
        throw new PlanningError(
          'plan-solver-failed',
          `HiGHS failed on a model of ${model.columnCount} columns and ${model.rowCount} rows: ${String(error)}`,
          { cause: error },
        );
      }
    },
  };
}

function run(
  highs: Highs,
  model: LinearModel,
  limits: SolveLimits,
): { readonly solved: Solved; readonly interrupted: boolean } {
  const { modelStatus, callbackType } = highs.constants;
  const isMip = model.isInteger.includes(1);
  const native = highs.createModel(toModelData(highs, model));
  try {
    native.options.set({
      output_flag: false,
      time_limit: Math.max(0.01, limits.seconds),
      mip_rel_gap: limits.relativeGap,
      mip_abs_gap: 1e-9,
      mip_feasibility_tolerance: 1e-9,
    });
    if (limits.start) native.setSolution({ colValue: limits.start });
    const stop = (event: { interrupt(): void }): undefined => {
      if (limits.shouldStop()) event.interrupt();
    };
    native.run({
      [callbackType.simplexInterrupt]: stop,
      [callbackType.ipmInterrupt]: stop,
      [callbackType.mipInterrupt]: stop,
    });
    const status = native.getModelStatus();
    const values = native.getSolution().colValue;
    const hasSolution =
      Number(native.info.get('primal_solution_status')) === highs.constants.solutionStatus.feasible;
    const objective = hasSolution ? native.getObjectiveValue() : Number.NEGATIVE_INFINITY;
    const isOptimal = status === modelStatus.optimal || status === modelStatus.empty;
    const dual = isMip ? Number(native.info.get('mip_dual_bound')) : Number.POSITIVE_INFINITY;
    return {
      interrupted: status === modelStatus.interrupted,
      solved: {
        status: isOptimal ? 'optimal' : hasSolution ? 'feasible' : 'none',
        values,
        objective,
        bound: isMip ? Math.max(dual, objective) : isOptimal ? objective : Number.POSITIVE_INFINITY,
      },
    };
  } finally {
    native.dispose();
  }
}

function toModelData(highs: Highs, model: LinearModel): ModelData {
  return {
    numCols: model.columnCount,
    numRows: model.rowCount,
    sense: highs.constants.objectiveSense.maximize,
    colCost: model.cost,
    colLower: model.lower,
    colUpper: model.upper,
    rowLower: model.rowLower,
    rowUpper: model.rowUpper,
    integrality: model.isInteger,
    matrix: {
      format: 'csr',
      numRows: model.rowCount,
      numCols: model.columnCount,
      starts: model.rowStart,
      indices: model.column,
      values: model.coefficient,
    },
  };
}
