/** The filter's observation steps with derivatives; see ../belief/movement-steps.ts and look-steps.ts. */
import {
  facingsWeight,
  HIDDEN_LOOKS_EMPTY,
  LEAST_APPEARED,
  RATES,
  UNFORESEEN,
  viewFreshness,
  wrongBy,
  wrongFromNone,
} from '../belief/filter-steps.ts';
import { addScaled, affine, type Dual, divide, multiply } from './dual.ts';
import {
  dual,
  growCells,
  mixIdle,
  normaliseCells,
  settleSituations,
  SLOTS,
  STRIDE,
  type TangentModel,
  type TangentState,
} from './tangent-state.ts';
import { addSurplus } from './tangent-time.ts';

const scratch = Array.from({ length: 16 }, () => dual());
const [liveRate, idleRate, right, present, emptied, short, fromSelling, fromHidden] = scratch as [
  Dual,
  Dual,
  Dual,
  Dual,
  Dual,
  Dual,
  Dual,
  Dual,
];
const [proven, sold, soldOut, still, liveShare, idleShare, stillShare, a] = scratch.slice(8) as [
  Dual,
  Dual,
  Dual,
  Dual,
  Dual,
  Dual,
  Dual,
  Dual,
];
const one = dual();
one[0] = 1;

function meanIntensity(out: Dual, block: Float64Array, { values, slopes, slot, slots }: Intensity): void {
  for (let t = 0; t < slots; t++) {
    let sum = 0;
    for (let k = 0; k < RATES; k++) sum += (block[t * RATES + k] as number) * (values[k] as number);
    out[t] = sum;
  }
  for (let k = 0; k < RATES; k++)
    out[slot] = (out[slot] as number) + (block[k] as number) * (slopes[k] as number);
}

/** p'(i) = (1 - wrong) p(i + units) + wrong p(i), with what stayed, what reached zero, what was too little. */
function shiftDown(s: TangentState, units: number, wrong: Dual): void {
  affine(right, 1, -1, wrong);
  const { p, cells } = s;
  for (let t = s.slots - 1; t >= 0; t--) {
    const at = t * STRIDE;
    let below = 0;
    for (let i = 1; i < units && i <= cells; i++) below += p[at + i] as number;
    short[t] = below;
    a[t] = units <= cells ? (p[at + units] as number) : 0;
    let sum = 0;
    for (let i = 1; i <= cells; i++) {
      const here = p[i] as number;
      const from = i + units <= cells ? (p[i + units] as number) : 0;
      const value =
        t === 0
          ? (right[0] as number) * from + (wrong[0] as number) * here
          : (right[0] as number) * (i + units <= cells ? (p[at + i + units] as number) : 0) +
            (wrong[0] as number) * (p[at + i] as number) +
            (wrong[t] as number) * (here - from);
      p[at + i] = value;
      sum += value;
    }
    present[t] = sum;
  }
  multiply(emptied, a, right);
}

/** Expected purchases right now by rate, with derivatives with respect to the dispersion. */
export interface Intensity {
  readonly values: Float64Array;
  readonly slopes: Float64Array;
  /** The dispersion's slot, and how many are in use. */
  readonly slot: number;
  readonly slots: number;
}

export function sell(
  s: TangentState,
  qty: number,
  {
    model,
    intensity,
    weight,
  }: { readonly model: TangentModel; readonly intensity: Intensity; readonly weight: number },
): void {
  s.units += qty;
  s.purchases++;
  const { misScan, surplus, hiddenSells } = model.learned;
  s.daySales++;
  meanIntensity(liveRate, s.live, intensity);
  meanIntensity(idleRate, s.idle, intensity);
  shiftDown(s, qty, misScan);
  multiply(fromSelling, s.selling, liveRate);
  multiply(fromHidden, multiply(fromHidden, s.hidden, idleRate), hiddenSells);
  addScaled(sold, fromSelling, fromHidden);
  multiply(soldOut, sold, emptied);
  multiply(proven, s.absent, idleRate);
  addScaled(proven, proven, multiply(a, fromSelling, short));
  multiply(proven, proven, surplus);
  multiply(s.selling, sold, present);
  multiply(s.hidden, multiply(s.hidden, s.hidden, idleRate), misScan);
  multiply(s.absent, multiply(s.absent, s.absent, idleRate), misScan);
  addScaled(sold, sold, proven);
  divide(liveShare, divide(liveShare, fromSelling, sold), liveRate);
  divide(idleShare, divide(idleShare, addScaled(idleShare, fromHidden, proven), sold), idleRate);
  addScaled(still, s.absent, s.hidden);
  divide(stillShare, still, addScaled(a, still, soldOut));
  mixPurchase(s, intensity);
  addScaled(s.absent, addScaled(s.absent, s.absent, soldOut), proven, 1 / 3);
  addScaled(s.selling, s.selling, proven, 2 / 3);
  addScaled(a, s.selling, s.hidden);
  divide(a, affine(proven, 0, 2 / 3, proven), a);
  settleSituations(s, weight);
  normaliseCells(s);
  if ((proven[0] as number) * 1.5 > LEAST_APPEARED) addSurplus(s, a);
  normaliseCells(s);
}

function mixPurchase(s: TangentState, { values, slopes, slot }: Intensity): void {
  const share = liveShare[0] as number;
  const part = idleShare[0] as number;
  const stays = stillShare[0] as number;
  for (let t = s.slots - 1; t >= 0; t--) {
    const at = t * RATES;
    for (let k = 0; k < RATES; k++) {
      const rate = values[k] as number;
      const live = s.live[k] as number;
      const idle = s.idle[k] as number;
      const mixed = live * share + idle * part;
      const bought = rate * mixed;
      if (t === 0) {
        s.live[k] = bought;
        s.idle[k] = idle * stays + bought * (1 - stays);
        continue;
      }
      const dLive = s.live[at + k] as number;
      const dIdle = s.idle[at + k] as number;
      const slope = t === slot ? (slopes[k] as number) : 0;
      const dMixed =
        dLive * share + live * (liveShare[t] as number) + dIdle * part + idle * (idleShare[t] as number);
      const dBought = rate * dMixed + slope * mixed;
      s.live[at + k] = dBought;
      s.idle[at + k] = dIdle * stays + dBought * (1 - stays) + (stillShare[t] as number) * (idle - bought);
    }
  }
}

export function takeOut(s: TangentState, qty: number, wrongShare: number, weight: number): void {
  if (qty <= 0) return;
  const wrong = dual();
  wrong[0] = wrongShare;
  shiftDown(s, qty, wrong);
  addScaled(a, s.hidden, s.selling);
  multiply(soldOut, a, emptied);
  addScaled(a, addScaled(a, s.absent, s.hidden), soldOut);
  mixIdle(s, divide(a, soldOut, a));
  addScaled(s.absent, affine(s.absent, 0, wrongShare, s.absent), soldOut);
  multiply(s.hidden, s.hidden, present);
  multiply(s.selling, s.selling, present);
  settleSituations(s, weight);
  normaliseCells(s);
}

export type DualArrivals = readonly (readonly [difference: number | 'nothing' | 'part', probability: Dual])[];

export function receiptArrivals(model: TangentModel, qty: number): DualArrivals {
  const { receiptMissing, receiptShort } = model.learned;
  const over = constant(model.base.receiptOver);
  const part = constant(model.base.receiptPart);
  const exact = affine(dual(), 1 - model.base.receiptOver, -1, receiptMissing);
  if (qty < 2)
    return [
      [0, exact],
      [1, over],
      ['nothing', receiptMissing],
    ];
  return [
    [0, addScaled(dual(), addScaled(dual(), exact, receiptShort, -1), part, -1)],
    ['part', part],
    [-1, affine(dual(), 0, 0.65, receiptShort)],
    [-2, affine(dual(), 0, 0.35, receiptShort)],
    [1, over],
    ['nothing', receiptMissing],
  ];
}

export function constant(value: number): Dual {
  const result = dual();
  result[0] = value;
  return result;
}

const before = new Float64Array(SLOTS * STRIDE);
const came = dual();
const joint = dual();

export function bringIn(s: TangentState, qty: number, arrivals: DualArrivals): void {
  if (qty <= 0) return;
  came.fill(0);
  for (const [difference, probability] of arrivals)
    if (difference !== 'nothing') addScaled(came, came, probability);
  growCells(s, s.cells + qty + 1);
  const { p, cells } = s;
  addScaled(joint, s.hidden, s.selling);
  for (let t = 0; t < s.slots; t++) {
    const at = t * STRIDE;
    before.set(p.subarray(at, at + cells + 1), at);
    p.fill(0, at, at + cells + 1);
  }
  const empty = dual();
  for (const [difference, probability] of arrivals) {
    if (difference === 'part') {
      arrivePart(s, qty, { share: probability[0] as number, empty });
      continue;
    }
    const shift = difference === 'nothing' ? 0 : Math.max(0, qty + difference);
    multiply(a, probability, joint);
    for (let t = 0; t < s.slots; t++) {
      const at = t * STRIDE;
      for (let i = 1; i + shift <= cells; i++)
        p[at + i + shift] =
          (p[at + i + shift] as number) +
          (a[0] as number) * (before[at + i] as number) +
          (t === 0 ? 0 : (a[t] as number) * (before[i] as number));
    }
    multiply(a, probability, s.absent);
    if (shift === 0) addScaled(empty, empty, a);
    else
      for (let t = 0; t < s.slots; t++)
        p[t * STRIDE + shift] = (p[t * STRIDE + shift] as number) + (a[t] as number);
  }
  multiply(still, s.hidden, affine(still, 1, -0.7, came));
  // joined = what left absent and hidden; its demand belief is the idle one.
  addScaled(a, addScaled(a, addScaled(a, s.absent, s.hidden), empty, -1), still, -1);
  s.absent.set(empty);
  s.hidden.set(still);
  addScaled(s.selling, addScaled(s.selling, one, empty, -1), still, -1);
  divide(a, a, s.selling);
  mixLive(s, a);
  settleSituations(s, 0);
  normaliseCells(s);
}

/** Any number from 0 to `qty` came, all alike; the share is not learned. */
function arrivePart(
  s: TangentState,
  qty: number,
  { share, empty }: { readonly share: number; readonly empty: Dual },
): void {
  const { p, cells } = s;
  const each = share / (qty + 1);
  for (let t = 0; t < s.slots; t++) {
    const at = t * STRIDE;
    const held = (i: number): number =>
      i === 0
        ? (s.absent[t] as number)
        : (joint[0] as number) * (before[at + i] as number) +
          (t === 0 ? 0 : (joint[t] as number) * (before[i] as number));
    let window = 0;
    for (let i = 0; i <= cells; i++) {
      window += held(i);
      if (i - qty - 1 >= 0) window -= held(i - qty - 1);
      if (i === 0) empty[t] = (empty[t] as number) + each * window;
      else p[at + i] = (p[at + i] as number) + each * window;
    }
  }
}

function mixLive(s: TangentState, share: Dual): void {
  const part = Math.min(1, share[0] as number);
  for (let t = s.slots - 1; t >= 0; t--)
    for (let k = 0; k < RATES; k++) {
      const at = t * RATES + k;
      const mixed = (1 - part) * (s.live[at] as number) + part * (s.idle[at] as number);
      s.live[at] =
        t === 0 ? mixed : mixed + (share[t] as number) * ((s.idle[k] as number) - (s.live[k] as number));
    }
}

/** Multiplies p by a likelihood per cell, given with its derivative in one slot; sums into `present`. */
function weigh(
  s: TangentState,
  likelihood: (cell: number) => readonly [value: number, slope: number],
  slot: number,
): void {
  const { p, cells } = s;
  present.fill(0);
  for (let i = 1; i <= cells; i++) {
    const [value, slope] = likelihood(i);
    for (let t = s.slots - 1; t >= 0; t--) {
      const at = t * STRIDE + i;
      p[at] = (p[at] as number) * value + (t === slot && t > 0 ? (p[i] as number) * slope : 0);
      present[t] = (present[t] as number) + p[at];
    }
  }
}

export function countUnits(s: TangentState, count: number, model: TangentModel, weight: number): void {
  const error = model.learned.countError[0] as number;
  const centre = Math.round(count);
  growCells(s, Math.max(1, centre + 2));
  const wrong = (share: number): readonly [number, number] => [error * share, share];
  const exact: readonly [number, number] = [1 - error, -1];
  const offBy = (steps: number): readonly [number, number] => (steps === 0 ? exact : wrong(wrongBy(steps)));
  for (let i = 1; i <= s.cells; i++) s.p[i] = (s.p[i] as number) + UNFORESEEN;
  weigh(s, (i) => offBy(Math.abs(i - centre)), model.countError);
  const [value, slope] = centre === 0 ? exact : wrong(wrongFromNone(centre));
  affine(still, 0, centre === 0 ? model.base.countBlind : 0, s.hidden);
  addScaled(s.hidden, affine(s.hidden, 0, 0.5, multiply(s.hidden, s.hidden, present)), still);
  multiply(s.selling, s.selling, present);
  const p0 = s.absent[0] as number;
  affine(s.absent, 0, value, s.absent);
  const slot = model.countError;
  if (slot > 0) s.absent[slot] = (s.absent[slot] as number) + slope * p0;
  settleSituations(s, weight);
  normaliseCells(s);
}

export function viewShelf(
  s: TangentState,
  view: { readonly facings: number; readonly capacity: number },
  model: TangentModel,
  weight: number,
): void {
  const empty = view.facings <= 0;
  const fresh = viewFreshness(s.clock - s.viewClock);
  const repeats = empty === s.viewEmpty ? 1 - fresh : 0;
  const share = empty === s.viewEmpty ? fresh : 1;
  s.viewClock = s.clock;
  s.viewEmpty = empty;
  const { cameraBlind: blind, cameraGhost: ghost } = model.learned;
  const looksEmpty = empty ? HIDDEN_LOOKS_EMPTY : 1 - HIDDEN_LOOKS_EMPTY;
  multiply(s.absent, s.absent, outcome(ghost, !empty, { repeats, share }));
  affine(s.hidden, 0, repeats + share * looksEmpty, s.hidden);
  multiply(s.selling, s.selling, outcome(blind, empty, { repeats, share }));
  settleSituations(s, weight);
  if (!empty && view.capacity > 0)
    weigh(s, (i) => [facingsWeight(view.facings, Math.min(view.capacity, i), share), 0], 0);
  normaliseCells(s);
}

/** repeats + share * error, or its complement: the probability of one outcome of a frame. */
const outcome = (
  error: Dual,
  isError: boolean,
  frame: { readonly repeats: number; readonly share: number },
): Dual =>
  isError
    ? affine(a, frame.repeats, frame.share, error)
    : affine(a, frame.repeats + frame.share, -frame.share, error);

export function pick(
  s: TangentState,
  requested: number,
  found: number,
  model: TangentModel,
  weight: number,
): void {
  const blind = model.learned.pickBlind[0] as number;
  const wanted = Math.max(requested, found);
  weigh(
    s,
    (n) => {
      if (n + 0.5 < found) return [1e-3, 0];
      if (found + 0.5 > wanted || n < found + 0.5) return [1 - blind, -1];
      const ways = Math.max(1, Math.min(wanted, n));
      return [blind / ways, 1 / ways];
    },
    model.pickBlind,
  );
  if (found > 0) affine(s.absent, 0, 1e-3, s.absent);
  affine(a, 0, found > 0 ? 0.7 : 3, present);
  if ((a[0] as number) > 0.9) {
    a.fill(0);
    a[0] = 0.9;
  }
  multiply(s.hidden, s.hidden, a);
  multiply(s.selling, s.selling, present);
  settleSituations(s, weight);
  normaliseCells(s);
  if (found > 0) takeOut(s, found, 1e-3, weight);
}

export function see(s: TangentState, seenWrong: number, weight: number): void {
  affine(s.absent, 0, seenWrong, s.absent);
  affine(s.hidden, 0, 0.6, s.hidden);
  settleSituations(s, weight);
}
