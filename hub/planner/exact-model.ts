/**
 * The whole problem as one mixed-integer model. Variables: units x per lane and SKU (integer), lane used y
 * (binary, where a lane has a fixed cost), one slot per unit given or taken with its marginal value, units s
 * that serve each need.
 *
 *   units out of a donor      = its give slots          units into a receiver = needs served + its take slots
 *   served with due <= t     <= units that arrive by t  (needs are nested in time, so this is enough)
 *   units on a lane          <= capacity * y            x <= bound * y
 *
 * Slots fill in the right order by themselves where marginals are monotone. Three things are not convex and get
 * binaries, only where they occur: give slots whose losses fall, a SKU-store that could both give and take, and
 * needs worth less than stock (they are served first all the same).
 */
import { type LinearModel, LinearModelBuilder } from './linear-model.ts';
import type { Lanes, Market } from './market.ts';
import { UNLIMITED } from './packed-problem.ts';

export interface Flow {
  /** Row of `Lanes`. */
  readonly lane: number;
  /** SKU index of the problem. */
  readonly sku: number;
  readonly units: number;
}

export interface ExactModel {
  readonly model: LinearModel;
  readFlows(values: Float64Array): Flow[];
}

interface UnitColumn {
  readonly column: number;
  readonly lane: number;
  readonly sku: number;
}

type Term = readonly [column: number, coefficient: number];

export function exactModel(lanes: Lanes, markets: readonly Market[]): ExactModel {
  const builder = new LinearModelBuilder();
  const units: UnitColumn[] = [];
  const onLane: Term[][] = Array.from({ length: lanes.from.length }, () => []);
  const laneColumn = new Map<number, number>();
  for (const market of markets) addMarket({ builder, lanes, market, units, onLane, laneColumn });
  for (const [lane, terms] of onLane.entries()) {
    const capacity = lanes.capacity[lane] ?? UNLIMITED;
    if (terms.length === 0 || capacity >= UNLIMITED) continue;
    const used = laneColumn.get(lane);
    if (used === undefined) builder.row(terms, { upper: capacity });
    else builder.row([...terms, [used, -capacity]], { upper: 0 });
  }
  const model = builder.build();
  return {
    model,
    readFlows: (values) =>
      units
        .map(({ column, lane, sku }) => ({ lane, sku, units: Math.round(values[column] ?? 0) }))
        .filter((flow) => flow.units > 0),
  };
}

interface MarketContext {
  readonly builder: LinearModelBuilder;
  readonly lanes: Lanes;
  readonly market: Market;
  readonly units: UnitColumn[];
  readonly onLane: Term[][];
  readonly laneColumn: Map<number, number>;
}

function addMarket(context: MarketContext): void {
  const { lanes, market } = context;
  const nodeOf = new Map([...market.stores].map((store, node) => [store, node]));
  const out: Term[][] = Array.from(market.stores, () => []);
  const into: { readonly column: number; readonly hours: number }[][] = Array.from(market.stores, () => []);
  for (let lane = 0; lane < lanes.from.length; lane += 1) {
    const donor = nodeOf.get(lanes.from[lane] ?? -1);
    const receiver = nodeOf.get(lanes.to[lane] ?? -1);
    if (donor === undefined || receiver === undefined) continue;
    const most = Math.min(
      giveCount(market, donor),
      usefulUnits(market, receiver),
      lanes.capacity[lane] ?? UNLIMITED,
    );
    if (most <= 0) continue;
    const column = addUnits(context, lane, most);
    out[donor]?.push([column, 1]);
    into[receiver]?.push({ column, hours: lanes.hours[lane] ?? 0 });
  }
  for (let node = 0; node < market.stores.length; node += 1) {
    const leaving = out[node] ?? [];
    const arriving = into[node] ?? [];
    if (leaving.length > 0) addDonor(context, node, leaving);
    if (arriving.length > 0) addReceiver(context, node, arriving);
    if (leaving.length > 0 && arriving.length > 0) {
      const gives = context.builder.column({ upper: 1, integer: true });
      context.builder.row([...leaving, [gives, -giveCount(market, node)]], { upper: 0 });
      const limit = usefulUnits(market, node);
      context.builder.row([...arriving.map(({ column }): Term => [column, 1]), [gives, limit]], {
        upper: limit,
      });
    }
  }
}

/** The units of this SKU on a lane, tied to the lane's use where that costs something. */
function addUnits(
  { builder, lanes, market, units, onLane, laneColumn }: MarketContext,
  lane: number,
  most: number,
): number {
  const column = builder.column({ cost: -(lanes.perUnit[lane] ?? 0), upper: most, integer: true });
  units.push({ column, lane, sku: market.sku });
  onLane[lane]?.push([column, 1]);
  const fixed = lanes.fixed[lane] ?? 0;
  if (fixed > 0) {
    const used = laneColumn.get(lane) ?? builder.column({ cost: -fixed, upper: 1, integer: true });
    laneColumn.set(lane, used);
    builder.row(
      [
        [column, 1],
        [used, -most],
      ],
      { upper: 0 },
    );
  }
  return column;
}

function addDonor({ builder, market }: MarketContext, node: number, leaving: readonly Term[]): void {
  const from = market.giveStart[node] ?? 0;
  const losses = market.giveLoss.subarray(from, market.giveStart[node + 1]);
  const isConvex = losses.every((loss, i) => i === 0 || loss >= (losses[i - 1] ?? 0) - 1e-12);
  const slots = Array.from(losses, (loss) => builder.column({ cost: -loss, upper: 1, integer: !isConvex }));
  builder.row([...leaving, ...slots.map((slot): Term => [slot, -1])], { lower: 0, upper: 0 });
  if (isConvex) return;
  for (let i = 1; i < slots.length; i += 1) {
    const terms: Term[] = [
      [slots[i - 1] ?? 0, 1],
      [slots[i] ?? 0, -1],
    ];
    builder.row(terms, { lower: 0 });
  }
}

function addReceiver(
  { builder, market }: MarketContext,
  node: number,
  arriving: readonly { readonly column: number; readonly hours: number }[],
): void {
  const limit = market.takeLimit[node] ?? 0;
  const values = market.takeValue.subarray(market.takeStart[node], market.takeStart[node + 1]);
  const slots = Array.from(values, (value): Term => [builder.column({ cost: value, upper: 1 }), 1]);
  const needs = market.needs.slice(market.needStart[node], market.needStart[node + 1]);
  const served = needs.map((need): Term => [builder.column({ cost: need.value, upper: need.qty }), 1]);
  const all = arriving.map(({ column }): Term => [column, -1]);
  builder.row([...served, ...slots, ...all], { lower: 0, upper: 0 });
  if (limit < UNLIMITED) builder.row(all, { lower: -limit });
  const dues = [...new Set(needs.map((need) => need.dueHours))].sort((a, b) => a - b);
  for (const due of dues) {
    const arrived = arriving.filter(({ hours }) => hours <= due).map(({ column }): Term => [column, -1]);
    builder.row([...served.filter((_, i) => (needs[i]?.dueHours ?? 0) <= due), ...arrived], { upper: 0 });
  }
  const bestStock = values[0] ?? 0;
  if (needs.some((need) => need.value < bestStock)) {
    addServeFirst(builder, { dues, needs, served, arriving, limit: usefulUnits(market, node) });
  }
}

interface ServeFirst {
  readonly dues: readonly number[];
  readonly needs: readonly { readonly qty: number; readonly dueHours: number }[];
  readonly served: readonly Term[];
  readonly arriving: readonly { readonly column: number; readonly hours: number }[];
  readonly limit: number;
}

/**
 * As many units as possible go to needs: by König's theorem on nested deadlines that number is the least, over
 * thresholds t, of (units that arrive by t) + (needed after t). One binary picks the threshold that attains it.
 */
function addServeFirst(
  builder: LinearModelBuilder,
  { dues, needs, served, arriving, limit }: ServeFirst,
): void {
  const thresholds = [Number.NEGATIVE_INFINITY, ...dues];
  const picks: Term[] = [];
  for (const threshold of thresholds) {
    const pick = builder.column({ upper: 1, integer: true });
    picks.push([pick, 1]);
    const later = needs.filter((need) => need.dueHours > threshold).reduce((sum, need) => sum + need.qty, 0);
    const arrived = arriving
      .filter(({ hours }) => hours <= threshold)
      .map(({ column }): Term => [column, -1]);
    const slack = limit + later;
    builder.row([...served, ...arrived, [pick, -slack]], { lower: later - slack });
  }
  builder.row(picks, { lower: 1, upper: 1 });
}

function giveCount(market: Market, node: number): number {
  return (market.giveStart[node + 1] ?? 0) - (market.giveStart[node] ?? 0);
}

/** More units than this are worth nothing at a node. */
function usefulUnits(market: Market, node: number): number {
  let wanted = (market.takeStart[node + 1] ?? 0) - (market.takeStart[node] ?? 0);
  for (let row = market.needStart[node] ?? 0; row < (market.needStart[node + 1] ?? 0); row += 1)
    wanted += market.needs[row]?.qty ?? 0;
  return Math.min(wanted, market.takeLimit[node] ?? 0);
}
