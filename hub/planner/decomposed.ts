/**
 * The chain's way: a proven bound from prices on one side, a plan from lanes and flows on the other, each helping
 * the other until they are close enough or time is up.
 *
 *   1. Flows with every lane open are a first plan; their dual prices are the first prices. Without lane costs, or
 *      where these weigh little, that is nearly all.
 *   2. Prices move to where lanes have to earn their costs; how often a lane was open says whether to run it.
 *   3. Flows over those lanes, then lanes closed, opened and exchanged while that pays.
 *   4. Meanwhile, where the size allows it, prices with the lanes into a store chosen together (`joint-bound.ts`), and
 *      once the search has ended two lanes at a time turned over (`lane-shake.ts`); where there is time left lanes are
 *      searched again from where the tighter bound leads. Elsewhere prices again, with the plan's value to aim at.
 */
import type { Flow } from './exact-model.ts';
import { FlowSearch } from './flow-search.ts';
import { FlowState } from './flow-state.ts';
import { startJointBound } from './joint-bound.ts';
import { startPrices } from './lane-bound.ts';
import { flowsOverSameLanes, type LaneSearchLimits, planValue, searchLanes } from './lane-search.ts';
import { shakeLanes } from './lane-shake.ts';
import { fillMarket, writePrices } from './market-flow.ts';
import type { Lanes, Market } from './market.ts';
import { buildNetwork, type Network } from './network.ts';
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
/**
 * Where lanes are searched from again, from those that the tighter bound opens more often than this: a search ends in one
 * of several optima, and where it starts decides in which.
 */
const RESTARTS = [0.5, 0.3, 0.7] as const;
/** Pairs of lanes turned over in vain before lanes are searched again from elsewhere. */
const SHAKES = 80;
/** Share of units on lanes that are not favoured. */
const MANY_UNWANTED = 0.1;
/** Shares of the time there is, by which each part ends. */
const FIRST_FLOWS = 0.5;
const FIRST_PRICES = 0.35;
const LANES = 0.75;
const LANES_ALONE = 0.9;
const LAST_LANES = 0.92;
const LAST_PRICES = 0.97;
/** Pricing and explaining moves takes about as long as working out what units are worth, which is over by now. */
const EXPLAINING = 1.3;
const MOST_EXPLAINING = 0.25;
const FIRST_ITERATIONS = 500;
const FIRST_SCALE = 0.1;
/** Beyond so many pairs of lane and SKU, choosing lanes together takes longer than there is. */
const MAX_JOINT_PAIRS = 400_000;
/** Of the first bound, until a plan is known. */
const LIKELY_SHARE = 0.97;
/** A lane that earns more than this many times its cost is not tried for closing. */
const CLEARLY_USEFUL = 10;

export function solveDecomposed(
  lanes: Lanes,
  markets: readonly Market[],
  limits: DecomposedLimits,
): DecomposedPlan {
  const until = timeShares(limits);
  const network = buildNetwork(lanes, markets);
  const isSmall = network.pairLane.length <= MAX_JOINT_PAIRS;
  const lastLanes = until(LAST_LANES);
  const lastPrices = until(LAST_PRICES);
  const flows = new FlowSearch(new FlowState(network));
  flows.state.isOpen.fill(1);
  fillAll(flows, until(FIRST_FLOWS));
  const prices = startPrices(network);
  for (let market = 0; market < markets.length; market += 1) writePrices(flows, market, prices);
  while (settleRoles(flows) > 0);
  const search = searchPrices(network, { prices, scale: FIRST_SCALE });
  // A bound there is always, however little time.
  search.advance({ iterations: 1, incumbent: 0, goal: 0, shouldStop: () => false });
  const lower = lowering(search, limits);
  const hasCosts = lanes.fixed.some((fixed) => fixed > 0);
  const first = Math.max(0, planValue(flows.state));
  lower({
    incumbent: first,
    shouldStop: hasCosts ? until(FIRST_PRICES) : lastPrices,
    iterations: FIRST_ITERATIONS,
  });
  if (search.bound <= first * (1 + limits.gap) || !(hasCosts || network.limitedLanes.length > 0))
    return { flows: first > 0 ? flowsOf(flows.state) : [], bound: search.bound };
  const board = isSmall ? startJointBound(network, search) : undefined;
  board?.aim(Math.max(first, LIKELY_SHARE * search.bound), 0);
  let best = refilled(runLanes(flows, search, until(board ? LANES : LANES_ALONE)), lastLanes);
  let value = planValue(best.state);
  if (!board) {
    lower({ incumbent: Math.max(0, value), shouldStop: lastPrices, iterations: FIRST_ITERATIONS });
    return { flows: value > 0 ? flowsOf(best.state) : [], bound: search.bound };
  }
  const bound = (): number => Math.min(search.bound, board.bound);
  const goal = (): number => Math.max(0, value) * (1 + limits.gap);
  const isDone = (): boolean => bound() <= goal() || lastLanes();
  const report = (): void => limits.report?.({ objective: value, bound: bound() });
  const note = (worth: number): void => {
    value = Math.max(value, worth);
    board.aim(Math.max(0, value), goal());
    report();
  };
  /** Lanes that either bound would open: the tighter one may not have come far yet. */
  const guide = (): Guide => ({
    openShare: search.openShare.map((share, lane) => Math.max(share, board.openShare[lane] as number)),
    laneGain: search.laneGain,
  });
  const shake = (flows: FlowSearch, patience: number): number =>
    shakeLanes(flows, { ...laneChoice(network, guide(), isDone), patience, onBetter: note });
  note(shake(best, SHAKES));
  for (const least of RESTARTS) {
    if (isDone()) break;
    const joint = { openShare: Float64Array.from(board.openShare), laneGain: search.laneGain };
    const other = refilled(restart(network, { guide: joint, least, shouldStop: isDone }), lastPrices);
    note(planValue(other.state));
    if (shake(other, SHAKES) >= value) best = other;
  }
  shake(best, Number.POSITIVE_INFINITY);
  board.wait(() => lastPrices() || bound() <= goal(), report);
  board.stop();
  return { flows: value > 0 ? flowsOf(best.state) : [], bound: bound() };
}

/** Times by which a share of what is left for solving is over. */
function timeShares({ shouldStop, elapsedSeconds, timeLimitSeconds }: DecomposedLimits) {
  const startedAt = elapsedSeconds();
  const explaining = Math.min(EXPLAINING * startedAt, MOST_EXPLAINING * timeLimitSeconds);
  const seconds = timeLimitSeconds - explaining - startedAt;
  return (share: number) => (): boolean => shouldStop() || elapsedSeconds() > startedAt + share * seconds;
}

/** Where a search was cut short, flows from nothing over its lanes are worth more as a rule. */
function refilled(found: FlowSearch, shouldStop: () => boolean): FlowSearch {
  if (shouldStop()) return found;
  const again = flowsOverSameLanes(found, { shouldStop });
  return planValue(again.state) > planValue(found.state) ? again : found;
}

type Guide = Pick<PriceSearch, 'openShare' | 'laneGain'>;

/** The plan over all lanes, with the lanes that the relaxation does not favour closed, improved lane by lane. */
function runLanes(all: FlowSearch, guide: Guide, shouldStop: () => boolean): FlowSearch {
  const { network } = all.state;
  let units = 0;
  let unwanted = 0;
  for (let lane = 0; lane < network.laneCount; lane += 1) {
    units += all.state.laneUnits[lane] as number;
    if ((guide.openShare[lane] as number) <= FIRST_LANES) unwanted += all.state.laneUnits[lane] as number;
  }
  const limits = laneChoice(network, guide, shouldStop);
  // Sending many units elsewhere one by one takes longer than starting afresh.
  if (unwanted <= MANY_UNWANTED * units) return searchLanes(all, limits);
  const fresh = freshFlows(network, { guide, least: FIRST_LANES, shouldStop });
  return searchLanes(planValue(fresh.state) > planValue(all.state) ? fresh : all, limits);
}

interface Start {
  readonly guide: Guide;
  /** Only lanes that were open more often than this are open at first. */
  readonly least: number;
  readonly shouldStop: () => boolean;
}

function restart(network: Network, start: Start): FlowSearch {
  return searchLanes(freshFlows(network, start), laneChoice(network, start.guide, start.shouldStop));
}

function laneChoice(
  network: Network,
  { openShare, laneGain }: Guide,
  shouldStop: () => boolean,
): LaneSearchLimits {
  const { fixed } = network.lanes;
  const all = Array.from(fixed.keys());
  const share = (lane: number): number => openShare[lane] as number;
  const margin = (lane: number): number => (laneGain[lane] as number) - (fixed[lane] as number);
  return {
    candidates: all.filter((lane) => share(lane) > HOPELESS).sort((a, b) => share(b) - share(a)),
    doubtful: all
      .filter((lane) => (laneGain[lane] as number) < CLEARLY_USEFUL * (fixed[lane] as number))
      .sort((a, b) => margin(a) - margin(b)),
    shouldStop,
  };
}

/** Flows over the favoured lanes alone. */
function freshFlows(network: Network, { guide, least, shouldStop }: Start): FlowSearch {
  const flows = new FlowSearch(new FlowState(network));
  for (let lane = 0; lane < network.laneCount; lane += 1)
    flows.state.isOpen[lane] = (guide.openShare[lane] as number) > least ? 1 : 0;
  fillAll(flows, shouldStop);
  while (settleRoles(flows) > 0);
  return flows;
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
