/**
 * A stronger baseline: one lane at a time, always the one whose whole load earns most after its fixed cost, given
 * what is already on its way. Never takes anything back.
 */
import type { PlannedUnits, PlanningProblem } from '../../protocol/index.ts';
import { type Market, markets, openLanes } from '../../hub/planner/market.ts';
import { packAtOnce } from '../../hub/planner/pack-problem.ts';

interface Counted {
  readonly market: Market;
  readonly nodeOf: ReadonlyMap<number, number>;
  readonly given: Int32Array;
  readonly taken: Int32Array;
}

/** Units of stock only: meant for problems without needs. */
export function bundleGreedyPlan(problem: PlanningProblem): PlannedUnits[] {
  const packed = packAtOnce(problem);
  const lanes = openLanes(packed);
  const all = [...markets(packed, lanes)].map(
    (market): Counted => ({
      market,
      nodeOf: new Map([...market.stores].map((store, node) => [store, node])),
      given: new Int32Array(market.stores.length),
      taken: new Int32Array(market.stores.length),
    }),
  );
  const isUsed = new Uint8Array(lanes.from.length);
  const room = Int32Array.from(lanes.capacity);
  const moves: PlannedUnits[] = [];

  /** The gain of each further unit of a SKU on a lane, until one does not pay. */
  const unitGains = ({ market, nodeOf, given, taken }: Counted, lane: number): number[] => {
    const donor = nodeOf.get(lanes.from[lane] ?? -1);
    const receiver = nodeOf.get(lanes.to[lane] ?? -1);
    if (donor === undefined || receiver === undefined) return [];
    if ((taken[donor] ?? 0) > 0 || (given[receiver] ?? 0) > 0) return [];
    let give = (market.giveStart[donor] ?? 0) + (given[donor] ?? 0);
    let take = (market.takeStart[receiver] ?? 0) + (taken[receiver] ?? 0);
    const gains: number[] = [];
    for (; give < (market.giveStart[donor + 1] ?? 0) && take < (market.takeStart[receiver + 1] ?? 0); ) {
      if ((taken[receiver] ?? 0) + gains.length >= (market.takeLimit[receiver] ?? 0)) break;
      const gain = (market.takeValue[take] ?? 0) - (market.giveLoss[give] ?? 0) - (lanes.perUnit[lane] ?? 0);
      if (gain <= 1e-9) break;
      gains.push(gain);
      give += 1;
      take += 1;
    }
    return gains;
  };
  const loadOf = (lane: number) => {
    const units = all
      .flatMap((at) => unitGains(at, lane).map((gain) => ({ at, gain })))
      .sort((a, b) => b.gain - a.gain)
      .slice(0, Math.max(0, room[lane] ?? 0));
    const fixed = isUsed[lane] === 1 ? 0 : (lanes.fixed[lane] ?? 0);
    return { units, net: units.reduce((sum, { gain }) => sum + gain, -fixed) };
  };
  // A load only shrinks as others go: an old value is an upper limit.
  const queue = [...lanes.from.keys()].map((lane) => ({ lane, net: loadOf(lane).net }));
  for (;;) {
    queue.sort((a, b) => a.net - b.net);
    const top = queue.pop();
    if (!top || top.net <= 1e-9) return moves;
    const load = loadOf(top.lane);
    if (load.net < (queue.at(-1)?.net ?? 0)) {
      queue.push({ lane: top.lane, net: load.net });
      continue;
    }
    if (load.net <= 1e-9) continue;
    for (const [at, units] of Map.groupBy(load.units, (unit) => unit.at)) {
      const donor = at.nodeOf.get(lanes.from[top.lane] ?? -1) ?? 0;
      const receiver = at.nodeOf.get(lanes.to[top.lane] ?? -1) ?? 0;
      at.given[donor] = (at.given[donor] ?? 0) + units.length;
      at.taken[receiver] = (at.taken[receiver] ?? 0) + units.length;
      const { from, to } = problem.lanes[top.lane] ?? { from: '', to: '' };
      moves.push({ from, to, sku: packed.skus[at.market.sku] ?? '', qty: units.length });
    }
    room[top.lane] = (room[top.lane] ?? 0) - load.units.length;
    isUsed[top.lane] = 1;
  }
}
