/**
 * Lowers the bound of `lane-bound.ts` by moving prices against its slope: subgradient steps with Polyak's step
 * length, a direction smoothed over iterations (Camerini, Fratta & Maffioli 1975), and a restart from the best
 * prices with smaller steps whenever progress stalls.
 *
 * State between calls: prices, the best prices, step scale, and how often each lane was open lately, which is an
 * estimate of the lane's value in the linear relaxation (Anbil & Barahona's volume idea) and guides the search
 * for a plan.
 */
import {
  emptyBound,
  evaluateBound,
  type JointChoice,
  type LaneBound,
  type Prices,
  startPrices,
} from './lane-bound.ts';
import type { Network } from './network.ts';

const SMOOTHING = 0.7;
const PATIENCE = 15;
const LEAST_PROGRESS = 1e-5;
const SHRINK = 0.7;
const SMALLEST_SCALE = 1e-3;
/** A value this far above the best means that the last steps were far too long. */
const OVERSHOT = 1.1;
const SHRINK_OVERSHOT = 0.5;
const MEMORY = 0.95;

export interface PriceSearch {
  /** Runs until a limit; returns true when nothing more is to be gained. */
  advance(limits: PriceLimits): boolean;
  /** Best bound so far, and its prices. */
  readonly bound: number;
  readonly prices: Prices;
  /** Share of recent iterations in which each lane was open. */
  readonly openShare: Float64Array;
  /** What each lane gained in the last iteration, before its fixed cost. */
  readonly laneGain: Float64Array;
  readonly iterations: number;
}

export interface PriceLimits {
  readonly iterations: number;
  /** What a plan is known to be worth. */
  readonly incumbent: number;
  /** Stop once the bound is this low. */
  readonly goal: number;
  readonly shouldStop: () => boolean;
}

export interface PriceStart {
  readonly joint?: JointChoice;
  readonly prices?: Prices;
  /** First step scale; small when the prices are already good. */
  readonly scale?: number;
  /** Steps without progress before the scale shrinks. Default 15. */
  readonly patience?: number;
  /** Share of the bound that a step must gain to count as progress. Default 1e-5. */
  readonly leastProgress?: number;
}

export function searchPrices(network: Network, start: PriceStart = {}): PriceSearch {
  const prices = startPrices(network);
  if (start.prices) copyPrices(start.prices, prices, mixedSlots(network));
  start.joint?.prepare(prices);
  const best = startPrices(network);
  const at: LaneBound = emptyBound(network);
  const mixed = mixedSlots(network);
  const askWay = new Float32Array(prices.ask.length);
  const bidWay = new Float32Array(prices.bid.length);
  /** Lanes whose tolls move: only a joint choice needs them. */
  const tolled = start.joint ? network.limitedLanes.map(({ lane }) => lane) : [];
  const tollWay = new Float32Array(network.laneCount);
  const openShare = new Float64Array(network.laneCount);
  let bound = Number.POSITIVE_INFINITY;
  let scale = start.scale ?? 1;
  const patience = start.patience ?? PATIENCE;
  const leastProgress = start.leastProgress ?? LEAST_PROGRESS;
  let stalled = 0;
  let iterations = 0;

  /** False where the slope found belongs to prices that were given up. */
  const note = (value: number): boolean => {
    const isProgress = value < bound - leastProgress * Math.abs(bound);
    stalled = isProgress || bound === Number.POSITIVE_INFINITY ? 0 : stalled + 1;
    if (value < bound) {
      bound = value;
      copyPrices(prices, best, mixed);
    }
    const keep = iterations === 1 ? 0 : MEMORY;
    for (let lane = 0; lane < openShare.length; lane += 1)
      openShare[lane] = keep * (openShare[lane] ?? 0) + (1 - keep) * (at.isOpen[lane] ?? 0);
    const isOvershot = value > OVERSHOT * bound;
    if (stalled <= patience && !isOvershot) return true;
    scale *= isOvershot ? SHRINK_OVERSHOT : SHRINK;
    stalled = 0;
    copyPrices(best, prices, mixed);
    return !isOvershot;
  };

  return {
    get bound() {
      return bound;
    },
    get iterations() {
      return iterations;
    },
    prices: best,
    openShare,
    laneGain: at.gain,
    advance({ iterations: most, incumbent, goal, shouldStop }) {
      for (let i = 0; i < most; i += 1) {
        if (bound <= goal || scale < SMALLEST_SCALE) return true;
        if (shouldStop()) return false;
        iterations += 1;
        const value = evaluateBound(network, prices, at, start.joint);
        if (!note(value)) {
          askWay.fill(0);
          bidWay.fill(0);
          tollWay.fill(0);
          continue;
        }
        const target = Math.max(incumbent, bound * (1 - 0.1 * Math.sqrt(scale)));
        const isFirst = iterations === 1;
        const tolls = { at, tolled, tollWay, isFirst };
        const length =
          smoothWay(network, prices, { at, askWay, bidWay, isFirst }) + smoothTolls(network, prices, tolls);
        if (length === 0) return true;
        const step = (scale * Math.max(value - target, 1e-6 * Math.abs(value))) / length;
        movePrices(network, prices, { askWay, bidWay, step });
        for (const lane of tolled) {
          const move = (step * (tollWay[lane] as number)) / roomOf(network, lane);
          prices.toll[lane] = Math.max(0, (prices.toll[lane] as number) - move);
        }
      }
      return false;
    },
  };
}

/** Take slots of nodes with deadlines: only there do values and deadlines change places. */
function mixedSlots({ takeStart, hasDeadline, nodeCount }: Network): Int32Array {
  const slots: number[] = [];
  for (let node = 0; node < nodeCount; node += 1) {
    if (hasDeadline[node] === 0) continue;
    for (let j = takeStart[node] as number; j < (takeStart[node + 1] as number); j += 1) slots.push(j);
  }
  return Int32Array.from(slots);
}

function copyPrices(from: Prices, to: Prices, mixed: Int32Array): void {
  to.ask.set(from.ask);
  to.bid.set(from.bid);
  to.toll.set(from.toll);
  for (const j of mixed) {
    to.due[j] = from.due[j] as number;
    to.value[j] = from.value[j] as number;
  }
}

interface Way {
  readonly at: LaneBound;
  readonly askWay: Float32Array;
  readonly bidWay: Float32Array;
  readonly isFirst: boolean;
}

/** Folds the slope into the direction; returns its squared length, less what the limits of prices forbid. */
function smoothWay({ giveLoss }: Network, prices: Prices, { at, askWay, bidWay, isFirst }: Way): number {
  const { ask, bid, value } = prices;
  const keep = isFirst ? 0 : SMOOTHING;
  let length = 0;
  for (let i = 0; i < askWay.length; i += 1) {
    const way = keep * (askWay[i] as number) + (1 - keep) * (at.askSlope[i] as number);
    askWay[i] = way;
    if (way < 0 || (ask[i] as number) > (giveLoss[i] as number)) length += way * way;
  }
  for (let j = 0; j < bidWay.length; j += 1) {
    const way = keep * (bidWay[j] as number) + (1 - keep) * (at.bidSlope[j] as number);
    bidWay[j] = way;
    if (way > 0 || (bid[j] as number) < (value[j] as number)) length += way * way;
  }
  return length;
}

interface TollWay {
  readonly at: LaneBound;
  readonly tolled: readonly number[];
  readonly tollWay: Float32Array;
  readonly isFirst: boolean;
}

/** The same for tolls, whose slopes are as many times steeper as a lane has room. */
function smoothTolls(network: Network, { toll }: Prices, { at, tolled, tollWay, isFirst }: TollWay): number {
  const keep = isFirst ? 0 : SMOOTHING;
  let length = 0;
  for (const lane of tolled) {
    const way = keep * (tollWay[lane] as number) + (1 - keep) * (at.tollSlope[lane] as number);
    tollWay[lane] = way;
    if (way < 0 || (toll[lane] as number) > 0) length += (way * way) / roomOf(network, lane);
  }
  return length;
}

const roomOf = ({ lanes }: Network, lane: number): number => Math.max(1, lanes.capacity[lane] as number);

interface Step {
  readonly askWay: Float32Array;
  readonly bidWay: Float32Array;
  readonly step: number;
}

/** Takes the step inside the limits and puts each node's slots back in order. */
function movePrices(network: Network, prices: Prices, { askWay, bidWay, step }: Step): void {
  const { giveStart, giveLoss, takeStart, nodeCount, hasDeadline } = network;
  const { ask, bid, value, due } = prices;
  for (let i = 0; i < ask.length; i += 1)
    ask[i] = Math.max(giveLoss[i] as number, (ask[i] as number) - step * (askWay[i] as number));
  for (let j = 0; j < bid.length; j += 1)
    bid[j] = Math.min(value[j] as number, (bid[j] as number) - step * (bidWay[j] as number));
  for (let node = 0; node < nodeCount; node += 1) {
    const end = giveStart[node + 1] as number;
    for (let i = (giveStart[node] as number) + 1; i < end; i += 1)
      if ((ask[i - 1] as number) > (ask[i] as number))
        sortRising(ask, askWay, giveStart[node] as number, end);
    const first = takeStart[node] as number;
    const last = takeStart[node + 1] as number;
    for (let j = first + 1; j < last; j += 1)
      if ((bid[j - 1] as number) < (bid[j] as number))
        sortFalling(hasDeadline[node] === 1 ? [bid, bidWay, value, due] : [bid, bidWay], first, last);
  }
}

type Column = Float64Array | Float32Array;

/** Insertion sort: slots are few and nearly in order. */
function sortRising(key: Column, along: Column, first: number, end: number): void {
  for (let i = first + 1; i < end; i += 1) {
    const k = key[i] as number;
    if ((key[i - 1] as number) <= k) continue;
    const a = along[i] as number;
    let at = i - 1;
    for (; at >= first && (key[at] as number) > k; at -= 1) {
      key[at + 1] = key[at] as number;
      along[at + 1] = along[at] as number;
    }
    key[at + 1] = k;
    along[at + 1] = a;
  }
}

function sortFalling(columns: readonly Column[], first: number, end: number): void {
  const key = columns[0] as Column;
  for (let i = first + 1; i < end; i += 1) {
    for (let at = i; at > first && (key[at - 1] as number) < (key[at] as number); at -= 1) {
      for (const column of columns) {
        const moved = column[at] as number;
        column[at] = column[at - 1] as number;
        column[at - 1] = moved;
      }
    }
  }
}
