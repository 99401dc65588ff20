/**
 * A whole trading day without any observation, for one SKU, in place: what `passTime` and `endDay` do, without
 * unpacking. Most SKUs of a store have such a day, so this is the store's nightly sweep. What depends on the
 * day alone is computed once; each array is read and written once.
 */
import type { BeliefParameters } from './parameters.ts';
import { type DayDemand, gaps, RATES, rates } from './rate-grid.ts';
import { SCALAR } from './belief-scalars.ts';
import { LEAST_APPEARED, SURPLUS_REACH } from './time-step.ts';
import { FLOOR, MAX_CELLS, TAIL } from './working-state.ts';

export interface SilentBlock {
  readonly scalars: Float64Array;
  readonly at: number;
  readonly live: Float32Array;
  readonly idle: Float32Array;
  readonly rateAt: number;
  readonly cells: Float32Array;
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
    const { scalars: s, at, live, idle, rateAt, cells, cellsAt } = block;
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
    const idleAfter = stayed + lost + voided;
    const keepIdle = stayed / idleAfter;
    const joinIdle = (selling * out) / idleAfter;
    for (let k = 0; k < RATES; k++) {
      const l = live[rateAt + k] as number;
      const i = idle[rateAt + k] as number;
      live[rateAt + k] = l * (stay[k] as number) * keepLive + i * (join[k] as number) * joinLive;
      idle[rateAt + k] = i * keepIdle + l * (leave[k] as number) * joinIdle;
    }
    const absentAfter = absent - appeared + hiddenLost + lost;
    const hiddenAfter = hidden - restocked - hiddenLost + voided;
    const total = absentAfter + hiddenAfter + sellingAfter;
    const p0 = Math.min(1 - FLOOR, Math.max(FLOOR, absentAfter / total));
    const present = (1 - p0) / (hiddenAfter + sellingAfter);
    s[at + SCALAR.absent] = p0;
    s[at + SCALAR.hidden] = hiddenAfter * present;
    s[at + SCALAR.selling] = sellingAfter * present;
    s[at + SCALAR.logLikelihood] = (s[at + SCALAR.logLikelihood] as number) + Math.log(total);
    const last = s[at + SCALAR.cells] as number;
    const surplus = appeared > LEAST_APPEARED ? appeared / (hidden + selling + appeared) : 0;
    s[at + SCALAR.cells] = this.#lose(cells, cellsAt, { last, hazard: Math.min(0.5, loss * u), surplus });
  }

  /** Single units and parts of the stock go, a few may appear; from above, so that each cell is read once. */
  #lose(
    cells: Float32Array,
    from: number,
    { last, hazard, surplus }: { readonly last: number; readonly hazard: number; readonly surplus: number },
  ): number {
    const part = this.#parameters.partLoss;
    const scale = (1 - surplus) / (1 - hazard * (cells[from + 1] as number) + 1e-12);
    const keep = (1 - hazard) * scale;
    const move = hazard * scale;
    let reach = last;
    let appears = 0;
    if (surplus > 0) {
      reach = Math.max(last, SURPLUS_REACH);
      cells.fill(0, from + last + 1, from + reach + 1);
      appears = surplus / (1 - (2 / 3) ** reach);
    }
    let next = 0;
    let above = 0;
    for (let i = reach; i > 1; i--) {
      const here = cells[from + i] as number;
      const left = keep * here + move * next + appears * (geometric[i] as number);
      const gone = part * left;
      cells[from + i] = left - gone + above;
      above += gone * (shares[i] as number);
      next = here;
    }
    cells[from + 1] =
      keep * (cells[from + 1] as number) + move * next + appears * (geometric[1] as number) + above;
    while (reach > 1 && (cells[from + reach] as number) < TAIL) reach--;
    return reach;
  }
}

/** A small unknown quantity: geometric with mean 3. */
const geometric = Float64Array.from({ length: MAX_CELLS + 1 }, (_, i) => (2 / 3) ** (i - 1) / 3);
const shares = Float64Array.from({ length: MAX_CELLS + 1 }, (_, i) => (i > 1 ? 1 / (i - 1) : 0));
