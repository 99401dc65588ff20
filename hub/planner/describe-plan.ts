/**
 * Prices and explains moves; the objective is recomputed from them, never taken from the solver. SKU by SKU, so that
 * neither the problem nor the plan is ever held as objects by whoever passes the parts on.
 */
import type { Plan, PlanMove, PlannedUnits, UnmetNeed } from '../../protocol/index.ts';
import { groupRows } from './columns.ts';
import type { Flow } from './exact-model.ts';
import { explainMove } from './explain-moves.ts';
import { explainUnmet, type MissingNeed, type PlanSurroundings } from './explain-unmet.ts';
import { LaneLoads } from './lane-loads.ts';
import { type PackedProblem, UNLIMITED, unpackLanes, unpackNeed, unpackPosition } from './packed-problem.ts';
import { type NeedAt, priceMoves } from './price-moves.ts';
import type { MarketPlan } from './solve-markets.ts';

export type DescribedPlan = Omit<Plan, 'seconds'>;

/** The whole description at once. */
export function describePlan(packed: PackedProblem, solved: MarketPlan): DescribedPlan {
  const moves: PlanMove[] = [];
  const parts = describeInParts(packed, solved);
  for (;;) {
    const part = parts.next();
    if (part.done) return { moves, ...part.value };
    moves.push(...part.value);
  }
}

/** The moves of one SKU after the other; in the end, what can be said of them all. */
export function* describeInParts(
  packed: PackedProblem,
  solved: MarketPlan,
): Generator<readonly PlanMove[], Omit<DescribedPlan, 'moves'>> {
  const { skus, positions, needs } = packed;
  const plan = surroundingsOf(packed, solved);
  const flowsOf = Map.groupBy(solved.flows, ({ sku }) => sku);
  const rowsOf = groupRows(positions.sku, skus.length);
  const needsOf = groupRows(needs.sku, skus.length);
  const unmet: { readonly at: number; readonly missing: UnmetNeed }[] = [];
  let objective = 0;
  for (let sku = 0; sku < skus.length; sku += 1) {
    const flows = flowsOf.get(sku) ?? [];
    const scene = sceneOf(packed, { rows: rowsOf(sku), needRows: needsOf(sku), flows });
    const moves = flows.map((flow) => moveOf(packed, flow));
    const worths = priceMoves({ ...scene, loads: plan.loads }, moves);
    const served = new Map<number, number>();
    const needOf = (row: number) => unpackNeed(packed, row);
    const described = moves.map((move, i): PlanMove => {
      const worth = worths[i] as (typeof worths)[number];
      const { value, cost, donorLoss, confidence } = worth;
      objective += value - cost - donorLoss;
      for (const { need, units } of worth.served) served.set(need, (served.get(need) ?? 0) + units);
      return { ...move, value, cost, donorLoss, confidence, because: explainMove(needOf, move, worth) };
    });
    const missing = missingNeeds(scene.needs, served);
    for (const [i, explained] of explainUnmet(plan, { ...scene, moves }, missing).entries())
      unmet.push({ at: missing[i]?.at ?? 0, missing: explained });
    if (described.length > 0) yield described;
  }
  unmet.sort((a, b) => a.at - b.at);
  // The solver's bound carries its own rounding; an optimum must not end up above it.
  const bound = Math.max(solved.bound, objective);
  const gap = relativeGap(objective, bound);
  return { objective, bound, gap, method: solved.method, unmet: unmet.map(({ missing }) => missing) };
}

function surroundingsOf(packed: PackedProblem, { flows }: MarketPlan): PlanSurroundings {
  const { stores, lanes: columns, isSkuBlocked, skus, alpha, maxUnits } = packed;
  const lanes = unpackLanes(packed);
  const blocked = new Set(lanes.filter((_, lane) => columns.isBlocked[lane] === 1));
  const loads = new LaneLoads(lanes);
  for (const { lane, units } of flows)
    loads.add(stores[columns.from[lane] ?? -1] ?? '', stores[columns.to[lane] ?? -1] ?? '', units);
  return {
    policy: {
      alpha,
      ...(maxUnits < UNLIMITED ? { maxUnits } : {}),
      blockedSkus: skus.filter((_, sku) => isSkuBlocked[sku] === 1),
    },
    lanesInto: Map.groupBy(lanes, ({ to }) => to),
    loads,
    isBlocked: (lane) => blocked.has(lane),
  };
}

interface SkuRows {
  readonly rows: Int32Array;
  readonly needRows: Int32Array;
  readonly flows: readonly Flow[];
}

/** What the moves and the needs of one SKU are about. */
function sceneOf(packed: PackedProblem, { rows, needRows, flows }: SkuRows) {
  const { stores, lanes, positions } = packed;
  const touched = new Set(flows.flatMap(({ lane }) => [lanes.from[lane], lanes.to[lane]]));
  const isAsked = needRows.length > 0;
  const kept = rows.filter((row) => isAsked || touched.has(positions.store[row]));
  const needs = Array.from(needRows, (at): NeedAt => ({ at, need: unpackNeed(packed, at) }));
  return {
    positions: new Map(
      Array.from(kept, (row) => [stores[positions.store[row] ?? -1] ?? '', unpackPosition(packed, row)]),
    ),
    needs: Map.groupBy(needs, ({ need }) => need.store),
  };
}

function moveOf({ stores, skus, lanes }: PackedProblem, { lane, sku, units }: Flow): PlannedUnits {
  const from = stores[lanes.from[lane] ?? -1] ?? '';
  const to = stores[lanes.to[lane] ?? -1] ?? '';
  return { from, to, sku: skus[sku] ?? '', qty: units };
}

function missingNeeds(
  needs: ReadonlyMap<string, readonly NeedAt[]>,
  served: ReadonlyMap<number, number>,
): readonly (NeedAt & MissingNeed)[] {
  return [...needs.values()]
    .flat()
    .map((need) => ({ ...need, qty: need.need.qty - (served.get(need.at) ?? 0) }))
    .filter(({ qty }) => qty > 0);
}

/** (bound - objective) / objective; 0 when both are 0, 1 when only the objective is. */
function relativeGap(objective: number, bound: number): number {
  const open = bound - objective;
  if (open <= 1e-9 * Math.max(1, Math.abs(objective))) return 0;
  return objective > 0 ? open / objective : 1;
}
