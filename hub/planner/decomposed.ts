/**
 * The chain's way: a proven bound from prices on one side, a plan from lanes and flows on the other, each helping
 * the other until they are close enough or time is up.
 *
 *   1. Flows with every lane open are a first plan; their dual prices are the first prices. Without lane costs, or
 *      where these weigh little, that is nearly all.
 *   2. Prices move to where lanes have to earn their costs; how often a lane was open says whether to run it.
 *   3. Flows over those lanes, then lanes closed, opened and exchanged while that pays.
 *   4. Meanwhile, where the size allows it, prices with all lanes into a store chosen together (`joint-bound.ts`);
 *      elsewhere prices again, with the plan's value to aim at.
 */
import type { Flow } from './exact-model.ts';
import { FlowSearch } from './flow-search.ts';
import { FlowState } from './flow-state.ts';
import { startJointBound } from './joint-bound.ts';
import { startPrices } from './lane-bound.ts';
import { improveLanes, planValue } from './lane-search.ts';
import { fillMarket, writePrices } from './market-flow.ts';
import type { Lanes, Market } from './market.ts';
import { buildNetwork } from './network.ts';
import { type PriceSearch, searchPrices } from './price-search.ts';
import { settleRoles } from './settle-roles.ts';

export interface DecomposedLimits {
  readonly gap: number;
  readonly timeLimitSeconds: number;
  readonly elapsedSeconds: () => number;
  readonly shouldStop: () => boolean;
  readonly report?: (progress: { readonly objective: number; readonly bound: number }) => void;
}

export interface DecomposedPlan {
  readonly flows: readonly Flow[];
  readonly bound: number;
}

/** Lanes that were open more rarely than this in the relaxation are not even tried. */
const HOPELESS = 0.01;
const FIRST_LANES = 0.3;
const ITERATIONS_PER_LOOK = 10;
/** Share of units on lanes that are not favoured. */
const MANY_UNWANTED = 0.1;
/** Shares of the time limit by which each part ends. */
const FIRST_FLOWS = 0.5;
const FIRST_PRICES = 0.25;
const LANES = 0.7;
const LAST_PRICES = 0.92;
/** Pricing and explaining a chain's moves takes its time, too. */
const LAST_PRICES_OF_CHAIN = 0.78;
const FIRST_ITERATIONS = 500;
/** Networks beyond this many pairs are too large for choosing lanes together. */
const MAX_JOINT_PAIRS = 400_000;
/** Of the first bound, until a plan is known. */
const LIKELY_SHARE = 0.97;
/** A lane that earns more than this many times its cost is not tried for closing. */
const CLEARLY_USEFUL = 3;

export function solveDecomposed(
  lanes: Lanes,
  markets: readonly Market[],
  limits: DecomposedLimits,
): DecomposedPlan {
  const network = buildNetwork(lanes, markets);
  const until = (share: number) => (): boolean =>
    limits.shouldStop() || limits.elapsedSeconds() > share * limits.timeLimitSeconds;
  const isSmall = network.pairLane.length <= MAX_JOINT_PAIRS;
  const lastPrices = until(isSmall ? LAST_PRICES : LAST_PRICES_OF_CHAIN);
  const flows = new FlowSearch(new FlowState(network));
  flows.state.isOpen.fill(1);
  fillAll(flows, until(FIRST_FLOWS));
  const prices = startPrices(network);
  for (let market = 0; market < markets.length; market += 1) writePrices(flows, market, prices);
  while (settleRoles(flows) > 0);
  const search = searchPrices(network, { prices, scale: 0.3 });
  const lower = lowering(search, limits);
  const hasCosts = lanes.fixed.some((fixed) => fixed > 0);
  const first = Math.max(0, planValue(flows.state));
  lower({
    incumbent: first,
    shouldStop: hasCosts ? until(FIRST_PRICES) : lastPrices,
    iterations: FIRST_ITERATIONS,
  });
  if (!hasCosts || search.bound <= first * (1 + limits.gap))
    return { flows: first > 0 ? flowsOf(flows.state) : [], bound: search.bound };
  const board = isSmall ? startJointBound(network, search.prices) : undefined;
  board?.aim(Math.max(first, LIKELY_SHARE * search.bound), 0);
  const better = runLanes(flows, search, until(LANES));
  const value = Math.max(0, planValue(better.state));
  const plan = value > 0 ? flowsOf(better.state) : [];
  if (!board) {
    lower({ incumbent: value, shouldStop: lastPrices, iterations: FIRST_ITERATIONS });
    return { flows: plan, bound: search.bound };
  }
  board.aim(value, value * (1 + limits.gap));
  const bound = (): number => Math.min(search.bound, board.bound);
  board.wait(lastPrices, () => limits.report?.({ objective: value, bound: bound() }));
  board.stop();
  return { flows: plan, bound: bound() };
}

/** The plan over all lanes, with the lanes that the relaxation does not favour closed, improved lane by lane. */
function runLanes(all: FlowSearch, search: PriceSearch, shouldStop: () => boolean): FlowSearch {
  const { network } = all.state;
  const { openShare, laneGain } = search;
  const { fixed } = network.lanes;
  const candidates: number[] = [];
  const doubtful: number[] = [];
  let units = 0;
  let unwanted = 0;
  for (let lane = 0; lane < network.laneCount; lane += 1) {
    const share = openShare[lane] as number;
    if (share > HOPELESS) candidates.push(lane);
    if ((laneGain[lane] as number) < CLEARLY_USEFUL * (fixed[lane] as number)) doubtful.push(lane);
    units += all.state.laneUnits[lane] as number;
    if (share <= FIRST_LANES) unwanted += all.state.laneUnits[lane] as number;
  }
  candidates.sort((a, b) => (openShare[b] as number) - (openShare[a] as number));
  const margin = (lane: number): number => (laneGain[lane] as number) - (fixed[lane] as number);
  doubtful.sort((a, b) => margin(a) - margin(b));
  // Sending many units elsewhere one by one takes longer than starting afresh.
  const flows = unwanted > MANY_UNWANTED * units ? freshFlows(all, openShare, shouldStop) : all;
  do improveLanes(flows, { candidates, doubtful, shouldStop });
  while (settleRoles(flows) > 0 && !shouldStop());
  while (settleRoles(flows) > 0);
  return flows;
}

/** Flows over the favoured lanes alone; those over all of them when time does not suffice. */
function freshFlows(all: FlowSearch, openShare: Float64Array, shouldStop: () => boolean): FlowSearch {
  const { network } = all.state;
  const flows = new FlowSearch(new FlowState(network));
  for (let lane = 0; lane < network.laneCount; lane += 1)
    flows.state.isOpen[lane] = (openShare[lane] as number) > FIRST_LANES ? 1 : 0;
  fillAll(flows, shouldStop);
  while (settleRoles(flows) > 0);
  return planValue(flows.state) > planValue(all.state) ? flows : all;
}

interface Lowering {
  readonly incumbent: number;
  readonly shouldStop: () => boolean;
  readonly iterations: number;
}

function lowering(search: PriceSearch, limits: DecomposedLimits): (run: Lowering) => void {
  return ({ incumbent, shouldStop, iterations }) => {
    const goal = incumbent * (1 + limits.gap);
    for (let done = 0; done < iterations && !shouldStop(); done += ITERATIONS_PER_LOOK) {
      const isOver = search.advance({ iterations: ITERATIONS_PER_LOOK, incumbent, goal, shouldStop });
      limits.report?.({ objective: incumbent, bound: search.bound });
      if (isOver) return;
    }
  };
}

/** Markets that are not reached in time move nothing, which is always allowed. */
function fillAll(flows: FlowSearch, shouldStop: () => boolean): void {
  for (let market = 0; market < flows.state.network.markets.length && !shouldStop(); market += 1) {
    fillMarket(flows, market);
    flows.state.mark();
  }
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
