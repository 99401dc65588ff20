/**
 * The best moves for one order, exactly and within milliseconds: all lanes lead to one store, so the lanes can be gone
 * through one by one, keeping the best value for every number of units in time and too late. Losses of any shape, fixed
 * costs, room on lanes and a need that is worth less than stock are all as in the formula.
 */
import type { Flow } from './exact-model.ts';
import type { Lanes, Market } from './market.ts';
import { total } from './position-value.ts';
import type { MarketPlan } from './solve-markets.ts';

/** Beyond this a solver on another thread is the better place. */
const MAX_STEPS = 2_000_000;

interface Way {
  readonly lane: number;
  readonly isInTime: boolean;
  /** Loss and cost of sending 0, 1, ... units. */
  readonly cost: readonly number[];
}

/** @returns undefined where the problem is not of this kind, or too large */
export function solveOneOrder(lanes: Lanes, markets: readonly Market[]): MarketPlan | undefined {
  const [market] = markets;
  if (!market) return { flows: [], bound: 0, method: 'exact' };
  const [store] = lanes.to;
  const [need] = market.needs;
  if (markets.length > 1 || market.needs.length > 1 || lanes.to.some((to) => to !== store)) return undefined;
  const node = market.stores.indexOf(store ?? -1);
  if (node < 0) return { flows: [], bound: 0, method: 'exact' };
  const stock = market.takeValue.subarray(market.takeStart[node], market.takeStart[node + 1]);
  const limit = Math.min(stock.length + (need?.qty ?? 0), market.takeLimit[node] ?? 0);
  const ways = waysInto(lanes, market, { limit, dueHours: need?.dueHours ?? 0 });
  const steps = ways.reduce((sum, { cost }) => sum + cost.length, 0) * (limit + 1) ** 2;
  if (steps > MAX_STEPS) return undefined;
  const worth = (inTime: number, late: number): number => {
    const served = Math.min(need?.qty ?? 0, inTime);
    return served * (need?.value ?? 0) + total(stock, inTime + late - served);
  };
  return { ...bestUnits(ways, { limit, worth, sku: market.sku }), method: 'exact' };
}

function waysInto(
  lanes: Lanes,
  market: Market,
  { limit, dueHours }: { readonly limit: number; readonly dueHours: number },
): Way[] {
  return Array.from(lanes.from).flatMap((from, lane) => {
    const donor = market.stores.indexOf(from);
    if (donor < 0) return [];
    const losses = market.giveLoss.subarray(market.giveStart[donor], market.giveStart[donor + 1]);
    const most = Math.min(losses.length, limit, lanes.capacity[lane] ?? 0);
    if (most === 0) return [];
    const [fixed, perUnit] = [lanes.fixed[lane] ?? 0, lanes.perUnit[lane] ?? 0];
    const cost = Array.from({ length: most + 1 }, (_, units) =>
      units === 0 ? 0 : fixed + units * perUnit + total(losses, units),
    );
    return [{ lane, isInTime: (lanes.hours[lane] ?? 0) <= dueHours, cost }];
  });
}

interface Ask {
  readonly limit: number;
  readonly worth: (inTime: number, late: number) => number;
  readonly sku: number;
}

/** Cheapest way to bring every number of units in time and late, lane after lane; then the best of them. */
function bestUnits(ways: readonly Way[], { limit, worth, sku }: Ask): Pick<MarketPlan, 'flows' | 'bound'> {
  const width = limit + 1;
  let cheapest = new Float64Array(width * width).fill(Number.POSITIVE_INFINITY);
  cheapest[0] = 0;
  const chosen = ways.map(({ isInTime, cost }) => {
    const next = new Float64Array(width * width).fill(Number.POSITIVE_INFINITY);
    const sent = new Int32Array(width * width);
    for (let state = 0; state < cheapest.length; state += 1) {
      const before = cheapest[state] as number;
      if (before === Number.POSITIVE_INFINITY) continue;
      const room = limit - Math.floor(state / width) - (state % width);
      for (let units = 0; units < cost.length && units <= room; units += 1) {
        const to = state + (isInTime ? units * width : units);
        const all = before + (cost[units] as number);
        if (all >= (next[to] as number)) continue;
        next[to] = all;
        sent[to] = units;
      }
    }
    cheapest = next;
    return sent;
  });
  let best = 0;
  let bound = 0;
  for (let state = 0; state < cheapest.length; state += 1) {
    const value = worth(Math.floor(state / width), state % width) - (cheapest[state] as number);
    if (value > bound) [best, bound] = [state, value];
  }
  const flows: Flow[] = [];
  for (let at = ways.length - 1; at >= 0; at -= 1) {
    const { lane, isInTime } = ways[at] as Way;
    const units = (chosen[at] as Int32Array)[best] as number;
    if (units > 0) flows.push({ lane, sku, units });
    best -= isInTime ? units * width : units;
  }
  return { flows, bound };
}
