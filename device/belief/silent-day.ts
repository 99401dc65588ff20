/**
 * A whole trading day without any observation, for one SKU, in place: what `passTime` and `endDay` do, without
 * unpacking. Most SKUs of a store have such a day, so this is the store's nightly sweep. What depends on the
 * day alone is computed once; each array is read and written once.
 */
import type { BeliefParameters } from './parameters.ts';
import { type DayDemand, gaps, RATES, rates } from './rate-grid.ts';
import { SCALAR, SCALARS } from './belief-scalars.ts';
import { LEAST_APPEARED, SURPLUS_REACH } from './time-step.ts';
import { FLOOR, MAX_CELLS, TAIL } from './working-state.ts';

export interface BeliefArrays {
  scalars: Float64Array;
  live: Float32Array;
  idle: Float32Array;
  cells: Float32Array;
}

/** Where one SKU's belief lies, and where it goes: the same arrays, or those of the next day. */
export interface SilentBlock {
  readonly from: Readonly<BeliefArrays>;
  readonly to: Readonly<BeliefArrays>;
  readonly at: number;
  readonly rateAt: number;
  /** cells[cellsAt + i] is P(cell i | present), i from 1. */
  readonly cellsAt: number;
}

export class SilentDay {
  readonly #u: number;
  readonly #parameters: BeliefParameters;
  readonly #stay: Float64Array;
  readonly #leave: Float64Array;
  readonly #join: Float64Array;
  readonly #appears: number;
  readonly #restocks: number;

  /** `u`: trading days that passed. */
  constructor(u: number, parameters: BeliefParameters, demand: DayDemand) {
    this.#u = u;
    this.#parameters = parameters;
    this.#stay = demand.silence(0, u, 0).slice();
    this.#leave = this.#stay.map((f, k) => (1 - f) * (gaps[k] as number));
    this.#join = this.#stay.map((f) => 0.5 + 0.5 * f);
    this.#appears = 1 - Math.exp(-parameters.found * u);
    this.#restocks = 1 - Math.exp(-parameters.restock * u);
  }

  /** Days of another length need another instance. */
  lasts(u: number): boolean {
    return u === this.#u;
  }

  advance(block: SilentBlock): void {
    const { from, to, at, rateAt, cellsAt } = block;
    const { scalars: s, live, idle, cells } = from;
    const stay = this.#stay;
    const leave = this.#leave;
    const join = this.#join;
    let meanFactor = 0;
    let mean = 0;
    let leaves = 0;
    let arrivedFactor = 0;
    for (let k = 0; k < RATES; k++) {
      const weight = live[rateAt + k] as number;
      meanFactor += weight * (stay[k] as number);
      mean += weight * (rates[k] as number);
      leaves += weight * (leave[k] as number);
      arrivedFactor += (idle[rateAt + k] as number) * (join[k] as number);
    }
    const u = this.#u;
    const { shrinkShare, shrinkFloor, burst, shelfVoid } = this.#parameters;
    const absent = s[at + SCALAR.absent] as number;
    const hidden = s[at + SCALAR.hidden] as number;
    const selling = s[at + SCALAR.selling] as number;
    const loss = shrinkShare * mean + shrinkFloor;
    const lastUnit = cells[cellsAt + 1] as number;
    const toAbsent = burst + loss * lastUnit;
    const out = toAbsent + shelfVoid;
    const stays = Math.exp(-out * u);
    const restocked = hidden * this.#restocks;
    const appeared = absent * this.#appears;
    const hiddenLost = hidden * burst * u;
    const lost = selling * leaves * toAbsent;
    const voided = selling * leaves * shelfVoid;
    const arrived = restocked + appeared;
    const sellingAfter = selling * meanFactor * stays + arrived * arrivedFactor;
    const keepLive = (selling * stays) / sellingAfter;
    const joinLive = arrived / sellingAfter;
    const stayed = absent + hidden - arrived;
    const remaining = stayed + lost + voided;
    const keepIdle = stayed / remaining;
    const joinIdle = (selling * out) / remaining;
    const { live: liveAfter, idle: idleAfter, scalars: after } = to;
    if (after !== s) for (let i = 0; i < SCALARS; i++) after[at + i] = s[at + i] as number;
    for (let k = 0; k < RATES; k++) {
      const l = live[rateAt + k] as number;
      const i = idle[rateAt + k] as number;
      liveAfter[rateAt + k] = l * (stay[k] as number) * keepLive + i * (join[k] as number) * joinLive;
      idleAfter[rateAt + k] = i * keepIdle + l * (leave[k] as number) * joinIdle;
    }
    const absentAfter = absent - appeared + hiddenLost + lost;
    const hiddenAfter = hidden - restocked - hiddenLost + voided;
    const total = absentAfter + hiddenAfter + sellingAfter;
    const p0 = Math.min(1 - FLOOR, Math.max(FLOOR, absentAfter / total));
    const present = (1 - p0) / (hiddenAfter + sellingAfter);
    after[at + SCALAR.absent] = p0;
    after[at + SCALAR.hidden] = hiddenAfter * present;
    after[at + SCALAR.selling] = sellingAfter * present;
    after[at + SCALAR.logLikelihood] = (s[at + SCALAR.logLikelihood] as number) + Math.log(total);
    const last = s[at + SCALAR.cells] as number;
    const surplus = appeared > LEAST_APPEARED ? appeared / (hidden + selling + appeared) : 0;
    after[at + SCALAR.cells] = this.#lose(cells, to.cells, {
      from: cellsAt,
      last,
      hazard: Math.min(0.5, loss * u),
      surplus,
    });
  }

  /** Single units and parts of the stock go, a few may appear; from above, so that each cell is read once. */
  #lose(cells: Float32Array, after: Float32Array, { from, last, hazard, surplus }: Loss): number {
    const part = this.#parameters.partLoss;
    const scale = (1 - surplus) / (1 - hazard * (cells[from + 1] as number) + 1e-12);
    const keep = (1 - hazard) * scale;
    const move = hazard * scale;
    let reach = last;
    let appears = 0;
    if (surplus > 0) {
      reach = Math.max(last, SURPLUS_REACH);
      for (let i = last + 1; i <= reach; i++) cells[from + i] = 0;
      appears = surplus / (1 - (2 / 3) ** reach);
    }
    let next = 0;
    let above = 0;
    for (let i = reach; i > 1; i--) {
      const here = cells[from + i] as number;
      const left = keep * here + move * next + appears * (geometric[i] as number);
      const gone = part * left;
      after[from + i] = left - gone + above;
      above += gone * (shares[i] as number);
      next = here;
    }
    after[from + 1] =
      keep * (cells[from + 1] as number) + move * next + appears * (geometric[1] as number) + above;
    while (reach > 1 && (after[from + reach] as number) < TAIL) reach--;
    return reach;
  }
}

interface Loss {
  readonly from: number;
  readonly last: number;
  /** Share of single units lost, and of a small quantity that appeared. */
  readonly hazard: number;
  readonly surplus: number;
}

/** A small unknown quantity: geometric with mean 3. */
const geometric = Float64Array.from({ length: MAX_CELLS + 1 }, (_, i) => (2 / 3) ** (i - 1) / 3);
const shares = Float64Array.from({ length: MAX_CELLS + 1 }, (_, i) => (i > 1 ? 1 / (i - 1) : 0));
