/** Log-likelihood of one SKU's tape under a parameter set, with its gradient. */
import type { BeliefParameters } from '@truecount/device/belief';
import {
  BOOKING_ERROR,
  codeOf,
  DayDemand,
  demandSlopes,
  logNormalRates,
  openWith,
  RATES,
  LEAST_STEP,
  VOID_ERROR,
  WorkingState,
} from '../belief/filter-steps.ts';
import { LEARNED, type LearnedName } from './learned-parameters.ts';
import {
  bringIn,
  constant,
  countUnits,
  type DualArrivals,
  type Intensity,
  pick,
  receiptArrivals,
  see,
  sell,
  takeOut,
  viewShelf,
} from './tangent-observations.ts';
import { dual, type TangentModel, tangentModel, TangentState } from './tangent-state.ts';
import { endDay, passTime, type Silence } from './tangent-time.ts';
import type { SkuTape } from './tape.ts';

export interface TapeScore {
  /** Log-likelihood of the judged part of the tape. */
  readonly logLikelihood: number;
  /** Its derivatives with respect to the learned parameters, in their order. */
  readonly gradient: Float64Array;
}

/**
 * Sales and silence outnumber looks by hundreds to one, and no demand model is right: at full weight, error
 * rates would be bent to excuse its misfit. So they count as a power of their likelihood (Gruenwald 2012).
 */
const WEIGHTS: LikelihoodWeights = { demand: 0.003, camera: 0.3 };

/** Powers that parts of the likelihood count with; looks of people count fully. */
export interface LikelihoodWeights {
  readonly demand: number;
  readonly camera: number;
}

/** What each kind of observation can teach; everything else is taught by time and sales. */
const TAUGHT_BY: readonly (readonly [name: LearnedName, codes: readonly number[]])[] = [
  ['receiptMissing', [codeOf.receipt, codeOf.transfer]],
  ['receiptShort', [codeOf.receipt, codeOf.transfer]],
  ['countError', [codeOf.count]],
  ['pickBlind', [codeOf.pick]],
  ['cameraBlind', [codeOf.shelf]],
  ['cameraGhost', [codeOf.shelf]],
];

function askedBy(tape: SkuTape): ReadonlySet<LearnedName> {
  const codes = new Set(tape.code);
  const mute = TAUGHT_BY.filter(([, teachers]) => !teachers.some((code) => codes.has(code)));
  const silent = new Set(mute.map(([name]) => name));
  return new Set(LEARNED.filter((name) => !silent.has(name)));
}

export class TangentFilter {
  readonly #parameters: BeliefParameters;
  /** One per set of derivatives that some SKU needs. */
  readonly #models = new Map<string, TangentModel>();
  #model: TangentModel;
  readonly #demand: DayDemand;
  readonly #silenceSlopes = new Float64Array(RATES);
  readonly #intensitySlopes = new Float64Array(RATES);
  readonly #ratePrior: Float64Array;
  readonly #state = new TangentState();
  readonly #opening = new WorkingState();
  readonly #voids: DualArrivals;
  readonly #returns: DualArrivals;

  readonly #weights: LikelihoodWeights;

  constructor(parameters: BeliefParameters, weights: LikelihoodWeights = WEIGHTS) {
    this.#weights = weights;
    this.#parameters = parameters;
    this.#model = tangentModel(parameters, new Set(LEARNED));
    this.#demand = new DayDemand(parameters.dispersion);
    this.#ratePrior = logNormalRates(parameters.rateMedian, parameters.rateSpread);
    this.#voids = VOID_ERROR.map(([difference, probability]) => [difference, constant(probability)] as const);
    this.#returns = [
      [0, constant(1 - parameters.returnMissing)],
      ['nothing', constant(parameters.returnMissing)],
    ];
  }

  /** Scores what happens after `fromDay` day ends; everything before only forms the belief. */
  score(tape: SkuTape, dayEnds: readonly number[], fromDay = 0): TapeScore {
    const s = this.#state;
    this.#model = this.#modelFor(tape);
    s.reset(this.#ratePrior, this.#model.slots);
    let day = tape.daysBefore[0] ?? 0;
    for (let i = 0; i < tape.code.length; i++) {
      for (; day < (tape.daysBefore[i] as number); day++)
        this.#endDay(dayEnds[day] as number, day >= fromDay ? 1 : 0);
      this.#event(tape, i, day >= fromDay ? 1 : 0);
    }
    for (; day < dayEnds.length; day++) this.#endDay(dayEnds[day] as number, day >= fromDay ? 1 : 0);
    return {
      logLikelihood: s.logLikelihood[0] as number,
      gradient: Float64Array.from(this.#model.slotOf, (slot) =>
        slot === 0 ? 0 : (s.logLikelihood[slot] as number),
      ),
    };
  }

  #modelFor(tape: SkuTape): TangentModel {
    const asked = askedBy(tape);
    const key = [...asked].join();
    let model = this.#models.get(key);
    if (model === undefined) this.#models.set(key, (model = tangentModel(this.#parameters, asked)));
    return model;
  }

  #endDay(elapsed: number, weight: number): void {
    this.#pass(elapsed, weight);
    endDay(this.#state, this.#model);
  }

  #pass(elapsed: number, weight: number): void {
    const s = this.#state;
    if (Number.isNaN(s.clock)) s.clock = elapsed;
    const u = elapsed - s.clock;
    if (u < LEAST_STEP) return;
    passTime(s, u, this.#silenceOf(u), this.#model, weight * this.#weights.demand);
  }

  #silenceOf(u: number): Silence {
    const { dayUsed: used, daySales: sales } = this.#state;
    demandSlopes(
      { dispersion: this.#demand.dispersion, used, u, sales },
      this.#silenceSlopes,
      this.#intensitySlopes,
    );
    return { factors: this.#demand.silence(used, u, sales), slopes: this.#silenceSlopes };
  }

  #intensity(): Intensity {
    const { dayUsed: used, daySales: sales } = this.#state;
    demandSlopes(
      { dispersion: this.#demand.dispersion, used, u: 0, sales },
      this.#silenceSlopes,
      this.#intensitySlopes,
    );
    const { dispersion: slot, slots } = this.#model;
    return { values: this.#demand.intensity(used, sales), slopes: this.#intensitySlopes, slot, slots };
  }

  #event(tape: SkuTape, i: number, weight: number): void {
    const s = this.#state;
    const x = tape.x[i] as number;
    const y = tape.y[i] as number;
    this.#pass(tape.elapsed[i] as number, weight);
    switch (tape.code[i] as number) {
      case codeOf.record:
        return this.#open(x);
      case codeOf.sale:
        if (x > 0)
          sell(s, x, {
            model: this.#model,
            intensity: this.#intensity(),
            weight: weight * this.#weights.demand,
          });
        else bringIn(s, -x, this.#voids);
        return;
      case codeOf.receipt:
        return bringIn(s, x, receiptArrivals(this.#model, x));
      case codeOf.transfer:
        if (x >= 0) bringIn(s, x, receiptArrivals(this.#model, x));
        else takeOut(s, -x, BOOKING_ERROR, weight);
        return;
      case codeOf.return:
        if (y !== 0) bringIn(s, x, this.#returns);
        return;
      case codeOf.pick:
        return pick(s, x, y, this.#model, weight);
      case codeOf.waste:
        return takeOut(s, x, BOOKING_ERROR, weight);
      case codeOf.seen:
        return see(s, this.#model.base.seenWrong, weight);
      case codeOf.shelf:
        return viewShelf(s, { facings: x, capacity: y }, this.#model, weight * this.#weights.camera);
      case codeOf.count:
        return countUnits(s, x, this.#model, weight);
      default:
        return;
    }
  }

  /** The opening belief has no learned parameter in it. */
  #open(record: number): void {
    const s = this.#state;
    const w = this.#opening;
    openWith(w, record, this.#model.base);
    const zero = dual();
    for (const [target, value] of [
      [s.absent, w.absent],
      [s.hidden, w.hidden],
      [s.selling, w.selling],
    ] as const) {
      target.set(zero);
      target[0] = value;
    }
    s.p.fill(0);
    s.cells = w.cells;
    s.p.set(w.p.subarray(0, w.cells + 1));
  }
}
