/** Observations that look at the stock without moving it: opening record, record, count, shelf view, seen. */
import type { BeliefParameters } from './parameters.ts';
import {
  cellOfUnits,
  ensureCells,
  makeRoom,
  rescale,
  settle,
  settleSituations,
  trim,
  type WorkingState,
} from './working-state.ts';

/** The first thing known about a SKU is what the system claims. */
export function openWith(w: WorkingState, record: number, parameters: BeliefParameters): void {
  w.width = 1;
  w.carry = 0;
  w.cells = 1;
  w.p.fill(0);
  recordShape(w, record, parameters);
  w.absent = record > 0 ? parameters.openingEmpty : 0.85;
  w.hidden = (1 - w.absent) * 0.02;
  w.selling = 1 - w.absent - w.hidden;
  settle(w);
}

/** Exact, or off by a two-sided geometric whose width grows with the record. */
function recordShape(w: WorkingState, record: number, parameters: BeliefParameters): void {
  const units = Math.max(0, Math.round(record));
  const spread = 1 + 0.12 * units;
  const top = Math.ceil(units + 6 * spread) + 4;
  makeRoom(w, Math.max(0, top - w.cells * w.width));
  ensureCells(w, cellOfUnits(w, top));
  const ratio = Math.exp(-w.width / spread);
  const centre = cellOfUnits(w, units);
  let total = 0;
  for (let i = 1; i <= w.cells; i++) {
    w.p[i] = i === centre ? 0 : ratio ** Math.abs(i - centre);
    total += w.p[i] as number;
  }
  const exact = centre >= 1 ? parameters.openingExact : 0;
  for (let i = 1; i <= w.cells; i++) w.p[i] = ((w.p[i] as number) / total) * (1 - exact);
  if (centre >= 1) w.p[centre] = exact;
}

const before = { p: new Float64Array(1024), cells: 0 };

/**
 * The system of record says `record`. When it says what the bookings already imply, that is no news; when
 * it was corrected, half of the belief moves to what was typed in.
 */
export function readRecord(w: WorkingState, record: number, parameters: BeliefParameters): void {
  const known = w.record;
  w.record = record;
  if (Number.isNaN(known)) {
    openWith(w, record, parameters);
    return;
  }
  if (Math.abs(known - record) < 1e-6) return;
  before.cells = w.cells;
  before.p.set(w.p.subarray(0, w.cells + 1));
  const { absent, hidden, selling, width } = w;
  recordShape(w, record, parameters);
  const recordAbsent = record > 0 ? parameters.openingEmpty : 0.85;
  if (w.width === width)
    for (let i = 1; i <= w.cells; i++)
      w.p[i] = 0.5 * (w.p[i] as number) + (i <= before.cells ? 0.5 * (before.p[i] as number) : 0);
  const shelf = hidden / (hidden + selling || 1);
  w.absent = 0.5 * (absent + recordAbsent);
  w.hidden = (1 - w.absent) * shelf;
  w.selling = 1 - w.absent - w.hidden;
  settle(w);
}

/** What each number of units is worth although nothing that was booked or believed leads to it: counts find such things. */
export const UNFORESEEN = 3e-4;
/** Of wrong counts, those that are off by so many units; seldom by many. */
export const wrongBy = (steps: number): number => 0.35 * 0.35 ** (steps - 1) + 2e-4;
/** Of wrong counts, those that find so many units where there are none: one too many, or the wrong product. */
export const wrongFromNone = (counted: number): number => (counted === 1 ? wrongBy(1) : 2e-4);

/** Somebody counted `count` units. */
export function countUnits(w: WorkingState, count: number, parameters: BeliefParameters): void {
  const error = parameters.countError;
  const counted = Math.round(count);
  makeRoom(w, Math.max(0, counted + 2 - w.cells * w.width));
  ensureCells(w, cellOfUnits(w, counted + 2));
  const centre = cellOfUnits(w, counted);
  const offBy = (steps: number): number => (steps === 0 ? 1 - error : error * wrongBy(steps));
  let present = 0;
  for (let i = 1; i <= w.cells; i++) {
    w.p[i] = ((w.p[i] as number) + UNFORESEEN) * offBy(Math.abs(i - centre));
    present += w.p[i] as number;
  }
  const absent = w.absent * (counted === 0 ? 1 - error : error * wrongFromNone(counted));
  const blind = counted === 0 ? parameters.countBlind * w.hidden : 0;
  w.absent = absent;
  w.hidden = w.hidden * present * 0.5 + blind;
  w.selling = w.selling * present;
  w.logLikelihood += Math.log(w.absent + w.hidden + w.selling);
  settle(w);
}

/**
 * Share of a frame that is independent of the frame before. What is in a camera's way stays for hours: a
 * frame is fully fresh again after a trading day, minutes later it mostly repeats the last one.
 */
export const viewFreshness = (ageDays: number): number => Math.min(1, 0.06 + ageDays * ageDays);

/** A camera saw `facings` of `capacity`. */
export function viewShelf(
  w: WorkingState,
  facings: number,
  capacity: number,
  parameters: BeliefParameters,
): void {
  const empty = facings <= 0;
  const fresh = viewFreshness(w.clock - w.viewClock);
  // With 1 - fresh the frame repeats the last outcome, whatever is on the shelf.
  const repeats = empty === w.viewEmpty ? 1 - fresh : 0;
  const share = empty === w.viewEmpty ? fresh : 1;
  w.viewClock = w.clock;
  w.viewEmpty = empty;
  const { cameraBlind: blind, cameraGhost: ghost } = parameters;
  w.absent *= repeats + share * (empty ? 1 - ghost : ghost);
  w.hidden *= repeats + share * (empty ? HIDDEN_LOOKS_EMPTY : 1 - HIDDEN_LOOKS_EMPTY);
  w.selling *= repeats + share * (empty ? blind : 1 - blind);
  w.logLikelihood += Math.log(w.absent + w.hidden + w.selling);
  if (!empty && capacity > 0) rescale(w, weighFacings(w, facings, capacity, share));
  trim(w);
  settleSituations(w);
}

/** Returns what the cells sum to after it. */
function weighFacings(w: WorkingState, facings: number, capacity: number, share: number): number {
  const full = facingsWeight(facings, capacity, share);
  const { p, cells, width, carry } = w;
  let total = 0;
  for (let i = 1; i <= cells; i++) {
    const shown = i * width - carry;
    const value = (p[i] as number) * (shown >= capacity ? full : facingsWeight(facings, shown, share));
    p[i] = value;
    total += value;
  }
  return total;
}

/** Units in the backroom alone: the shelf they belong to looks empty, but for a neighbour's overflow. */
export const HIDDEN_LOOKS_EMPTY = 0.85;

/**
 * Units are at least as many as facings. Fewer facings than min(capacity, n) are no surprise: a facing may
 * hold several units, and others stand in the backroom; so "facings track units" is believed by 40 %.
 */
export function facingsWeight(facings: number, shown: number, share: number): number {
  const gap = facings - shown;
  const known = Number.isInteger(gap) ? logFacings[gap + MOST_FACINGS] : undefined;
  return Math.max(1e-6, Math.exp(share * (known ?? logOfGap(gap))));
}

const logOfGap = (gap: number): number =>
  gap > 0 ? gap * Math.log(0.45) : Math.log(0.6 + 0.4 * 0.8 ** -gap);
const MOST_FACINGS = 128;
const logFacings = Float64Array.from({ length: 2 * MOST_FACINGS }, (_, i) => logOfGap(i - MOST_FACINGS));

/** Somebody saw at least one sellable unit. */
export function see(w: WorkingState, parameters: BeliefParameters): void {
  w.absent *= parameters.seenWrong;
  w.hidden *= 0.6;
  w.logLikelihood += Math.log(w.absent + w.hidden + w.selling);
  settle(w);
}
