/**
 * The chain's way: a proven bound from prices on one side, a plan from lanes and flows on the other, each helping
 * the other until they are close enough or time is up.
 *
 *   no lane costs anything to open  -> SKUs are independent but for capacities: one optimal flow each, whose dual
 *                                      prices prove it
 *   otherwise                       -> prices for a bound and a hint at the lanes to run, lane search for a plan,
 *                                      prices again with the plan's value to aim at
 */
import type { Flow } from './exact-model.ts';
import { FlowState } from './flow-state.ts';
import { startPrices } from './lane-bound.ts';
import { improveLanes, planValue } from './lane-search.ts';
import type { Lanes, Market } from './market.ts';
import { buildNetwork, type Network } from './network.ts';
import { type PriceSearch, searchPrices } from './price-search.ts';

export interface DecomposedLimits {
  readonly gap: number;
  readonly timeLimitSeconds: number;
  readonly elapsedSeconds: () => number;
  readonly shouldStop: () => boolean;
}

export interface DecomposedPlan {
  readonly flows: readonly Flow[];
  readonly bound: number;
}

/** Lanes that were open more rarely than this in the relaxation are not even tried. */
const HOPELESS = 0.01;
const FIRST_LANES = 0.3;
const ITERATIONS_PER_LOOK = 20;
/** Shares of the time limit: prices first, then lanes, then prices again. */
const FIRST_PRICES = 0.5;
const LANES = 0.8;
const LAST_PRICES = 0.92;
const FIRST_ITERATIONS = 700;

export function solveDecomposed(
  lanes: Lanes,
  markets: readonly Market[],
  limits: DecomposedLimits,
): DecomposedPlan {
  const network = buildNetwork(lanes, markets);
  return lanes.fixed.some((fixed) => fixed > 0) ? withLaneCosts(network, limits) : bySku(network, limits);
}

function bySku(network: Network, limits: DecomposedLimits): DecomposedPlan {
  const state = new FlowState(network);
  state.isOpen.fill(1);
  fillAll(state, limits.shouldStop);
  const prices = startPrices(network);
  for (let market = 0; market < network.markets.length; market += 1) state.pricesInto(market, prices);
  while (state.settleRoles() > 0);
  // Shared capacities and nodes with two roles leave a little for the prices to find.
  const search = searchPrices(network, { prices, scale: 0.1 });
  const shouldStop = (): boolean =>
    limits.shouldStop() || limits.elapsedSeconds() > LAST_PRICES * limits.timeLimitSeconds;
  lowerBound(search, { incumbent: state.value, limits, shouldStop, iterations: FIRST_ITERATIONS });
  return { flows: flowsOf(state), bound: search.bound };
}

function withLaneCosts(network: Network, limits: DecomposedLimits): DecomposedPlan {
  const until = (share: number) => (): boolean =>
    limits.shouldStop() || limits.elapsedSeconds() > share * limits.timeLimitSeconds;
  const prices = searchPrices(network);
  lowerBound(prices, { incumbent: 0, limits, shouldStop: until(FIRST_PRICES), iterations: FIRST_ITERATIONS });
  const state = new FlowState(network);
  for (let lane = 0; lane < network.laneCount; lane += 1)
    state.isOpen[lane] = (prices.openShare[lane] as number) > FIRST_LANES ? 1 : 0;
  fillAll(state, until(LANES));
  const candidates = [...prices.openShare.keys()]
    .filter((lane) => (prices.openShare[lane] as number) > HOPELESS)
    .sort((a, b) => (prices.openShare[b] as number) - (prices.openShare[a] as number));
  const shouldStop = until(LANES);
  do improveLanes(state, { candidates, shouldStop });
  while (state.settleRoles() > 0 && !shouldStop());
  while (state.settleRoles() > 0);
  const value = planValue(state);
  lowerBound(prices, {
    incumbent: value,
    limits,
    shouldStop: until(LAST_PRICES),
    iterations: 10 * FIRST_ITERATIONS,
  });
  return value > 0 ? { flows: flowsOf(state), bound: prices.bound } : { flows: [], bound: prices.bound };
}

interface Lowering {
  readonly incumbent: number;
  readonly limits: DecomposedLimits;
  readonly shouldStop: () => boolean;
  readonly iterations: number;
}

function lowerBound(prices: PriceSearch, { incumbent, limits, shouldStop, iterations }: Lowering): void {
  const goal = incumbent * (1 + limits.gap);
  for (let done = 0; done < iterations && !shouldStop(); done += ITERATIONS_PER_LOOK)
    if (prices.advance({ iterations: ITERATIONS_PER_LOOK, incumbent, goal, shouldStop })) return;
}

/** Markets that are not reached in time move nothing, which is always allowed. */
function fillAll(state: FlowState, shouldStop: () => boolean): void {
  for (let market = 0; market < state.network.markets.length && !shouldStop(); market += 1)
    state.fill(market);
}

function flowsOf({ network, pairUnits }: FlowState): Flow[] {
  const flows: Flow[] = [];
  for (const [k, market] of network.markets.entries()) {
    for (let pair = network.pairStart[k] as number; pair < (network.pairStart[k + 1] as number); pair += 1) {
      const units = pairUnits[pair] as number;
      if (units > 0) flows.push({ lane: network.pairLane[pair] as number, sku: market.sku, units });
    }
  }
  return flows;
}
