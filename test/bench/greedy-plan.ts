/** The baseline: one unit at a time, always the most profitable next one, a lane's fixed cost on its first unit. */
import type { PlannedUnits, PlanningProblem } from '../../protocol/index.ts';
import { packAtOnce } from '../../hub/planner/pack-problem.ts';
import { type Market, markets, openLanes } from '../../hub/planner/market.ts';

/** Units of stock only: meant for problems without needs. */
export function greedyPlan(problem: PlanningProblem): PlannedUnits[] {
  const packed = packAtOnce(problem);
  const lanes = openLanes(packed);
  const room = Int32Array.from(lanes.capacity);
  const isUsed = new Uint8Array(lanes.from.length);
  const units = new Map<string, { lane: number; sku: number; qty: number }>();
  const all = [...markets(packed, lanes)].map((market) => ({ market, ...counters(market) }));
  const gainOf = (k: number, lane: number): number => {
    const at = all[k];
    const donor = at?.nodeOf.get(lanes.from[lane] ?? -1);
    const receiver = at?.nodeOf.get(lanes.to[lane] ?? -1);
    if (!at || donor === undefined || receiver === undefined || (room[lane] ?? 0) <= 0) return -1;
    const { market, given, taken } = at;
    if ((taken[donor] ?? 0) > 0 || (given[receiver] ?? 0) > 0) return -1;
    const give = (market.giveStart[donor] ?? 0) + (given[donor] ?? 0);
    const take = (market.takeStart[receiver] ?? 0) + (taken[receiver] ?? 0);
    if (give >= (market.giveStart[donor + 1] ?? 0) || take >= (market.takeStart[receiver + 1] ?? 0))
      return -1;
    const gain = (market.takeValue[take] ?? 0) - (market.giveLoss[give] ?? 0) - (lanes.perUnit[lane] ?? 0);
    return gain - (isUsed[lane] === 1 ? 0 : (lanes.fixed[lane] ?? 0));
  };
  for (;;) {
    // The best unit of every lane's best SKU; rescanned lane by lane, so that bundles do not count.
    let best = { gain: 1e-9, k: -1, lane: -1 };
    for (let k = 0; k < all.length; k += 1) {
      const cached = all[k]?.best;
      if (cached && cached.gain <= best.gain && !cached.isStale) continue;
      let mine = { gain: 0, lane: -1 };
      for (let lane = 0; lane < lanes.from.length; lane += 1) {
        const gain = gainOf(k, lane);
        if (gain > mine.gain) mine = { gain, lane };
      }
      const at = all[k];
      if (at) at.best = { ...mine, isStale: false };
      if (mine.gain > best.gain) best = { ...mine, k };
    }
    const at = all[best.k];
    if (!at) break;
    const donor = at.nodeOf.get(lanes.from[best.lane] ?? -1) ?? 0;
    const receiver = at.nodeOf.get(lanes.to[best.lane] ?? -1) ?? 0;
    at.given[donor] = (at.given[donor] ?? 0) + 1;
    at.taken[receiver] = (at.taken[receiver] ?? 0) + 1;
    room[best.lane] = (room[best.lane] ?? 0) - 1;
    if (isUsed[best.lane] === 0) for (const other of all) other.best.isStale = true;
    isUsed[best.lane] = 1;
    at.best.isStale = true;
    const key = `${best.k}:${best.lane}`;
    const known = units.get(key) ?? { lane: best.lane, sku: at.market.sku, qty: 0 };
    units.set(key, { ...known, qty: known.qty + 1 });
  }
  return [...units.values()].map(({ lane, sku, qty }) => {
    const { from, to } = problem.lanes[lane] ?? { from: '', to: '' };
    return { from, to, sku: packed.skus[sku] ?? '', qty };
  });
}

function counters(market: Market) {
  return {
    nodeOf: new Map([...market.stores].map((store, node) => [store, node])),
    given: new Int32Array(market.stores.length),
    taken: new Int32Array(market.stores.length),
    best: { gain: 0, lane: -1, isStale: true },
  };
}
