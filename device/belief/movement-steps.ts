/** Observations that move units: sale, receipt, return, transfer, waste, pick. One Bayes step each. */
import type { BeliefParameters } from './parameters.ts';
import { meanRate, RATES } from './rate-grid.ts';
import { atHand, sellAtHand } from './step-kernel.ts';
import { addSurplus, type DemandModel } from './time-step.ts';
import {
  cellsToShift,
  ensureCells,
  LEAST_APPEARED,
  makeRoom,
  rescale,
  settle,
  settleSituations,
  trim,
  type WorkingState,
} from './working-state.ts';

/** A purchase of `qty` units was rung up. */
export function sell(w: WorkingState, qty: number, model: DemandModel): void {
  const cells = cellsToShift(w, qty);
  if (w !== atHand) buyCells(w, cells, model);
  else if (!sellAtHand(cells, model.demand, model.parameters)) settle(w);
  w.units += qty;
  w.purchases++;
  w.daySales++;
  trim(w);
  settleSituations(w);
}

/** What a purchase does to situations, demand and cells. */
function buyCells(w: WorkingState, cells: number, model: DemandModel): void {
  const { parameters } = model;
  const intensity = model.demand.intensity(w.dayUsed, w.daySales);
  const { live, idle } = w;
  let liveRate = 0;
  let idleRate = 0;
  for (let k = 0; k < RATES; k++) {
    const rate = intensity[k] as number;
    liveRate += (live[k] as number) * rate;
    idleRate += (idle[k] as number) * rate;
  }
  const wrong = parameters.misScan;
  const enough = shiftDown(w, cells, wrong);
  const fromSelling = w.selling * liveRate;
  // A shelf believed empty that sold was not empty.
  const fromHidden = w.hidden * idleRate * parameters.hiddenSells;
  const selling = (fromSelling + fromHidden) * enough.present;
  const soldOut = (fromSelling + fromHidden) * enough.emptied;
  const hidden = w.hidden * idleRate * wrong;
  const absent = w.absent * idleRate * wrong;
  // Units nobody recorded: the belief was too low, and some may be left.
  const proven = (w.absent * idleRate + fromSelling * enough.short) * parameters.surplus;
  w.logLikelihood += Math.log(absent + hidden + soldOut + selling + proven);
  const sold = fromSelling + fromHidden + proven;
  const liveShare = fromSelling / sold / liveRate;
  const idleShare = (fromHidden + proven) / sold / idleRate;
  const still = absent + hidden;
  const stillShare = still + soldOut > 0 ? still / (still + soldOut) : 1;
  for (let k = 0; k < RATES; k++) {
    const unseen = idle[k] as number;
    const bought = (intensity[k] as number) * ((live[k] as number) * liveShare + unseen * idleShare);
    live[k] = bought;
    // A sibling's sale says nothing about this SKU's demand.
    idle[k] = unseen * stillShare + bought * (1 - stillShare);
  }
  w.absent = absent + soldOut + proven / 3;
  w.hidden = hidden;
  w.selling = selling + (proven * 2) / 3;
  rescale(w, enough.present);
  if (proven > LEAST_APPEARED) addSurplus(w, (proven * 2) / 3 / (w.selling + w.hidden));
}

/** What a shift left; written over by the next. */
const shifted = { present: 0, emptied: 0, short: 0 };

/**
 * p'(i) = (1 - kept) * p(i + cells) + kept * p(i). Returns the mass that stays present, the mass that reached
 * zero, and the mass that had too few units.
 */
function shiftDown(w: WorkingState, cells: number, kept: number): Readonly<typeof shifted> {
  shifted.present = 1;
  shifted.emptied = 0;
  shifted.short = 0;
  if (cells <= 0) return shifted;
  const { p, cells: top } = w;
  const moved = 1 - kept;
  const last = top - cells;
  let short = 0;
  for (let i = 1; i < cells && i <= top; i++) short += p[i] as number;
  shifted.short = short;
  if (last >= 0) shifted.emptied = moved * (p[cells] as number);
  let present = 0;
  for (let i = 1; i <= last; i++) {
    const value = moved * (p[i + cells] as number) + kept * (p[i] as number);
    p[i] = value;
    present += value;
  }
  for (let i = last > 0 ? last + 1 : 1; i <= top; i++) {
    const value = kept * (p[i] as number);
    p[i] = value;
    present += value;
  }
  shifted.present = present;
  return shifted;
}

/** A voided line undoes a sale at the till: as good as exact. */
export const VOID_ERROR: ArrivalError = [
  [0, 0.995],
  ['nothing', 0.005],
];
/** A write-off or a transfer out that was booked on the wrong SKU. */
export const BOOKING_ERROR = 0.004;

/** Units taken off the stock without demand: waste, transfers out. */
export function takeOut(w: WorkingState, qty: number, wrong: number): void {
  if (qty <= 0) return;
  const cells = cellsToShift(w, qty);
  const enough = shiftDown(w, cells, wrong);
  const present = w.hidden + w.selling;
  const emptied = present * enough.emptied;
  mixIntoIdle(w, emptied);
  w.absent = w.absent * wrong + emptied;
  w.hidden *= enough.present;
  w.selling *= enough.present;
  w.logLikelihood += Math.log(w.absent + w.hidden + w.selling);
  settle(w);
}

/** How many units really came for each unit count on paper: [difference, probability]. */
export type ArrivalError = readonly (readonly [
  difference: number | 'nothing' | 'part',
  probability: number,
])[];

export const receiptError = (parameters: BeliefParameters, qty: number): ArrivalError => {
  const short = parameters.receiptShort;
  if (qty < 2)
    return [
      [0, 1 - parameters.receiptMissing - parameters.receiptOver],
      [1, parameters.receiptOver],
      ['nothing', parameters.receiptMissing],
    ];
  return [
    [0, 1 - parameters.receiptMissing - short - parameters.receiptOver - parameters.receiptPart],
    ['part', parameters.receiptPart],
    [-1, short * 0.65],
    [-2, short * 0.35],
    [1, parameters.receiptOver],
    ['nothing', parameters.receiptMissing],
  ];
};

/** Units come in: receipt, transfer in, return, voided sale. */
export function bringIn(w: WorkingState, qty: number, error: ArrivalError): void {
  if (qty <= 0) return;
  let came = 0;
  for (const [difference, probability] of error) if (difference !== 'nothing') came += probability;
  makeRoom(w, qty);
  const cells = -cellsToShift(w, -qty);
  ensureCells(w, w.cells + cells + 1);
  const { p, spare, cells: top } = w;
  for (let i = 0; i <= top; i++) {
    spare[i] = p[i] as number;
    p[i] = 0;
  }
  const present = w.hidden + w.selling;
  for (const [difference, probability] of error) {
    if (difference === 'part') {
      arrivePart(w, { cells, probability, present });
      continue;
    }
    const shift = difference === 'nothing' ? 0 : Math.max(0, cells + Math.round(difference / w.width));
    const share = probability * present;
    for (let i = 1; i + shift <= top; i++)
      p[i + shift] = (p[i + shift] as number) + share * (spare[i] as number);
    if (shift > 0) p[shift] = (p[shift] as number) + probability * w.absent;
    else p[0] = (p[0] as number) + probability * w.absent;
  }
  const absent = p[0] as number;
  p[0] = 0;
  arrive(w, { absent, hidden: w.hidden * (1 - came * 0.7) });
}

/** Any number from 0 to `cells` came, all alike: a running sum over the window of what was there before. */
function arrivePart(
  w: WorkingState,
  {
    cells,
    probability,
    present,
  }: { readonly cells: number; readonly probability: number; readonly present: number },
): void {
  const { p, spare, cells: top } = w;
  const each = probability / (cells + 1);
  let window = 0;
  for (let i = 0; i <= top; i++) {
    window += i === 0 ? w.absent : present * (spare[i] as number);
    const gone = i - cells - 1;
    if (gone >= 0) window -= gone === 0 ? w.absent : present * (spare[gone] as number);
    p[i] = (p[i] as number) + each * Math.max(0, window);
  }
}

/** Some stock has come: what was absent or hidden may sell again, with the demand believed while idle. */
function arrive(w: WorkingState, after: { readonly absent: number; readonly hidden: number }): void {
  const joined = Math.max(0, w.absent - after.absent + (w.hidden - after.hidden));
  const selling = 1 - after.absent - after.hidden;
  const share = selling > 0 ? Math.min(1, joined / selling) : 0;
  const { live, idle } = w;
  for (let k = 0; k < RATES; k++) live[k] = (1 - share) * (live[k] as number) + share * (idle[k] as number);
  w.absent = after.absent;
  w.hidden = after.hidden;
  w.selling = Math.max(0, selling);
  settle(w);
}

/** Stock that leaves the selling situation takes its demand belief along. */
function mixIntoIdle(w: WorkingState, mass: number): void {
  const before = w.absent + w.hidden;
  const share = mass > 0 ? mass / (mass + before) : 0;
  const { live, idle } = w;
  for (let k = 0; k < RATES; k++) idle[k] = (1 - share) * (idle[k] as number) + share * (live[k] as number);
}

/**
 * A delivery of unknown quantity. Nobody delivers what is not sold: leftovers are thrown away or counted in
 * when it is ordered, so the stock afterwards is a fresh draw around `deliveryCover` days of believed demand,
 * wherever it was before.
 */
export function bringInUnknown(w: WorkingState, parameters: BeliefParameters): void {
  const perPurchase = Math.max(1, (w.units + 1) / (w.purchases + 1));
  const idleShare = w.absent + w.hidden;
  const rate = idleShare * meanRate(w.idle) + (1 - idleShare) * meanRate(w.live);
  const units = Math.max(0.7, parameters.deliveryCover * rate * perPurchase);
  w.carry = 0;
  w.width = 1;
  w.cells = 1;
  makeRoom(w, units * 5 + 4);
  const mean = units / w.width;
  const reach = Math.ceil(mean * 5) + 3;
  ensureCells(w, reach);
  // Negative binomial by its recurrence.
  const size = parameters.deliverySize;
  const odds = mean / (mean + size);
  let mass = (1 - odds) ** size;
  const nothing = mass;
  for (let m = 1; m <= w.cells; m++) {
    mass = (mass * odds * (m - 1 + size)) / m;
    w.p[m] = mass;
  }
  arrive(w, { absent: nothing, hidden: w.hidden * 0.3 * (1 - nothing) });
}

/** An order's pick wanted `requested` units and found `found`; the found ones leave. */
export function pick(w: WorkingState, requested: number, found: number, parameters: BeliefParameters): void {
  const blind = parameters.pickBlind;
  const wanted = Math.max(requested, found);
  const { p } = w;
  const unit = (i: number): number => i * w.width - w.carry;
  let present = 0;
  for (let i = 1; i <= w.cells; i++) {
    const n = unit(i);
    let likelihood: number;
    if (n + 0.5 < found) likelihood = 1e-3;
    else if (found + 0.5 > wanted) likelihood = 1 - blind;
    else if (n < found + 0.5) likelihood = 1 - blind;
    else likelihood = blind / Math.max(1, Math.min(wanted, n));
    p[i] = (p[i] as number) * likelihood;
    present += p[i] as number;
  }
  const hiddenFactor = found > 0 ? 0.7 : 3;
  w.absent *= found > 0 ? 1e-3 : 1;
  w.hidden *= Math.min(0.9, present * hiddenFactor);
  w.selling *= present;
  w.logLikelihood += Math.log(w.absent + w.hidden + w.selling);
  settle(w);
  if (found > 0) takeOut(w, found, 1e-3);
}

export const returnError = (parameters: BeliefParameters): ArrivalError => [
  [0, 1 - parameters.returnMissing],
  ['nothing', parameters.returnMissing],
];
