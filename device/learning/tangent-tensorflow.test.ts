/**
 * The filter written a second time, in TensorFlow.js, for a short morning of one SKU: automatic differentiation of
 * that must give the derivatives that are carried through the filter by hand.
 */
import { defaultParameters } from '@truecount/device/belief';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  codeOf,
  logNormalRates,
  openWith,
  rates,
  viewFreshness,
  WorkingState,
} from '../belief/filter-steps.ts';
import { LEARNED, type LearnedName } from './learned-parameters.ts';
import { TangentFilter } from './tangent-filter.ts';
import type { SkuTape } from './tape.ts';
import { openTensors, type TensorBackend } from './tensor-backend.ts';

const RECORD = 5;
const MORNING = [
  { elapsed: 0, code: codeOf.record, x: RECORD, y: 0 },
  { elapsed: 0.3, code: codeOf.sale, x: 1, y: 0 },
  { elapsed: 0.55, code: codeOf.shelf, x: 0, y: 3 },
  { elapsed: 0.8, code: codeOf.count, x: 4, y: 0 },
] as const;

const tape: SkuTape = {
  sku: 'a',
  elapsed: MORNING.map(({ elapsed }) => elapsed),
  code: MORNING.map(({ code }) => code),
  x: MORNING.map(({ x }) => x),
  y: MORNING.map(({ y }) => y),
  daysBefore: MORNING.map(() => 0),
};

type Tf = TensorBackend['tf'];

/** A tensor with its operations as methods, which TensorFlow.js leaves out of its Node bundle. */
class Value {
  readonly tf: Tf;
  readonly tensor: Tensor;

  constructor(tf: Tf, tensor: Tensor) {
    this.tf = tf;
    this.tensor = tensor;
  }

  add = (other: Value | number): Value => new Value(this.tf, this.tf.add(this.tensor, raw(other)));
  sub = (other: Value | number): Value => new Value(this.tf, this.tf.sub(this.tensor, raw(other)));
  mul = (other: Value | number): Value => new Value(this.tf, this.tf.mul(this.tensor, raw(other)));
  div = (other: Value | number): Value => new Value(this.tf, this.tf.div(this.tensor, raw(other)));
  log = (): Value => new Value(this.tf, this.tf.log(this.tensor));
  exp = (): Value => new Value(this.tf, this.tf.exp(this.tensor));
  sum = (): Value => new Value(this.tf, this.tf.sum(this.tensor));
  at = (index: number): Value =>
    new Value(this.tf, this.tf.reshape(this.tf.slice(this.tensor, [index], [1]), []));
  /** Its elements `by` places further down. */
  shifted = (by: number): Value =>
    new Value(this.tf, this.tf.pad(this.tf.slice(this.tensor, [by]), [[0, by]]));
}
const raw = (value: Value | number): Tensor | number => (typeof value === 'number' ? value : value.tensor);
const make = (tf: Tf, value: number | ArrayLike<number>): Value =>
  new Value(tf, typeof value === 'number' ? tf.scalar(value) : tf.tensor1d(Float32Array.from(value)));

/** Log-likelihood of the morning, in TensorFlow.js operations alone. */
function inTensors(tf: Tf, theta: Value): Value {
  const of = (name: LearnedName): Value => theta.at(LEARNED.indexOf(name));
  const one = make(tf, 1);
  const opening = new WorkingState();
  openWith(opening, RECORD, defaultParameters);
  const { cells } = opening;
  const rate = make(tf, rates);
  let absent: Value = make(tf, opening.absent);
  let hidden: Value = make(tf, opening.hidden);
  let selling: Value = make(tf, opening.selling);
  let p: Value = make(tf, opening.p.subarray(1, cells + 1));
  const { rateMedian, rateSpread } = defaultParameters;
  let live = make(tf, logNormalRates(rateMedian, rateSpread));
  let idle = live;
  let used = 0;
  let sales = 0;
  let total: Value = make(tf, 0);

  const settle = (): void => {
    const sum = absent.add(hidden).add(selling);
    total = total.add(sum.log());
    absent = absent.div(sum);
    hidden = hidden.div(sum);
    selling = selling.div(sum);
    p = p.div(p.sum());
  };
  const below = (units: number): Value => p.shifted(units);
  const surplus = (share: Value): void => {
    const small = make(
      tf,
      Array.from({ length: cells }, (_, i) => (1 / 3) * (2 / 3) ** i),
    );
    p = p.mul(one.sub(share)).add(small.div(1 - (2 / 3) ** cells).mul(share));
  };

  const pass = (u: number): void => {
    const d = of('dispersion');
    const before = rate.mul(used).add(d).log();
    const after = rate
      .mul(used + u)
      .add(d)
      .log();
    const f = before.sub(after).mul(d.add(sales)).exp();
    const half = f.mul(0.5).add(0.5);
    const loss = of('shrinkShare').mul(live.mul(rate).sum()).add(of('shrinkFloor'));
    const toAbsent = of('burst').add(loss.mul(p.at(0)));
    const out = toAbsent.add(of('shelfVoid'));
    const stays = out.mul(-u).exp();
    const restocked = hidden.mul(1 - Math.exp(-defaultParameters.restock * u));
    const appeared = absent.mul(one.sub(of('found').mul(-u).exp()));
    const hiddenLost = hidden.mul(of('burst')).mul(u);
    const left = live.mul(one.sub(f)).div(rate).sum().mul(selling);
    const arrived = restocked.add(appeared);
    const sellingAfter = selling
      .mul(live.mul(f).sum())
      .mul(stays)
      .add(arrived.mul(idle.mul(half).sum()));
    const lost = left.mul(toAbsent);
    const voided = left.mul(of('shelfVoid'));
    const stayed = absent.add(hidden).sub(arrived);
    const idleAfter = stayed.add(lost).add(voided);
    const nextLive = live
      .mul(f)
      .mul(selling.mul(stays).div(sellingAfter))
      .add(idle.mul(half).mul(arrived.div(sellingAfter)));
    const share = appeared.div(hidden.add(selling).add(appeared));
    idle = idle
      .mul(stayed.div(idleAfter))
      .add(live.mul(one.sub(f)).div(rate).mul(selling.mul(out).div(idleAfter)));
    live = nextLive;
    absent = absent.sub(appeared).add(hiddenLost).add(lost);
    hidden = hidden.sub(restocked).sub(hiddenLost).add(voided);
    selling = sellingAfter;
    const hazard = loss.mul(u);
    p = p.mul(one.sub(hazard)).add(below(1).mul(hazard));
    settle();
    surplus(share);
    used += u;
  };

  const sale = (): void => {
    const d = of('dispersion');
    const intensity = rate.mul(d.add(sales)).div(rate.mul(used).add(d));
    sales++;
    const wrong = of('misScan');
    const right = one.sub(wrong);
    const first = p.at(0);
    p = below(1).mul(right).add(p.mul(wrong));
    const present = p.sum();
    const liveRate = live.mul(intensity).sum();
    const idleRate = idle.mul(intensity).sum();
    const fromSelling = selling.mul(liveRate);
    const fromHidden = hidden.mul(idleRate).mul(of('hiddenSells'));
    const soldOut = fromSelling.add(fromHidden).mul(right).mul(first);
    const proven = absent.mul(idleRate).mul(of('surplus'));
    const stillHidden = hidden.mul(idleRate).mul(wrong);
    const stillAbsent = absent.mul(idleRate).mul(wrong);
    const sold = fromSelling.add(fromHidden).add(proven);
    const still = stillHidden.add(stillAbsent);
    const stillShare = still.div(still.add(soldOut));
    const bought = intensity.mul(
      live
        .mul(fromSelling.div(sold).div(liveRate))
        .add(idle.mul(fromHidden.add(proven).div(sold).div(idleRate))),
    );
    idle = idle.mul(stillShare).add(bought.mul(one.sub(stillShare)));
    live = bought;
    absent = stillAbsent.add(soldOut).add(proven.div(3));
    hidden = stillHidden;
    selling = fromSelling
      .add(fromHidden)
      .mul(present)
      .add(proven.mul(2 / 3));
    const share = proven.mul(2 / 3).div(selling.add(hidden));
    settle();
    surplus(share);
  };

  /** An empty shelf, long after any other view. */
  const emptyShelf = (): void => {
    const fresh = viewFreshness(1e9);
    expect(fresh).toBe(1);
    absent = absent.mul(one.sub(of('cameraGhost')));
    hidden = hidden.mul(0.85);
    selling = selling.mul(of('cameraBlind'));
    settle();
  };

  const count = (units: number): void => {
    const error = of('countError');
    const tail = (steps: number): number => 0.35 * 0.35 ** (steps - 1) + 2e-4;
    const steps = Array.from({ length: cells }, (_, i) => Math.abs(i + 1 - units));
    const wrong = make(
      tf,
      steps.map((s) => (s === 0 ? 0 : tail(s))),
    ).mul(error);
    const right = make(
      tf,
      steps.map((s) => (s === 0 ? 1 : 0)),
    ).mul(one.sub(error));
    p = p.add(3e-4).mul(wrong.add(right));
    const present = p.sum();
    absent = absent.mul(error).mul(units === 1 ? tail(1) : 2e-4);
    hidden = hidden.mul(present).mul(0.5);
    selling = selling.mul(present);
    settle();
  };

  pass(0.3);
  sale();
  pass(0.25);
  emptyShelf();
  pass(0.25);
  count(4);
  return total;
}

describe('derivatives carried through the filter', () => {
  it('agree with the automatic differentiation of TensorFlow.js', async () => {
    const { tf } = await openTensors(['cpu']);
    const theta = tf.tensor1d(LEARNED.map((name) => defaultParameters[name]));
    const { value, grad } = tf.valueAndGrad((x) => inTensors(tf, new Value(tf, x)).tensor as Scalar)(theta);
    const automatic = await grad.data();
    const [likelihood] = await value.data();
    const ours = new TangentFilter(defaultParameters, { demand: 1, camera: 1 }).score(tape, []);
    expect(ours.logLikelihood).toBeCloseTo(likelihood as number, 3);
    LEARNED.forEach((name, j) => {
      const scale = defaultParameters[name];
      const theirs = (automatic[j] as number) * scale;
      const mine = (ours.gradient[j] as number) * scale;
      expect(Math.abs(mine - theirs), `${name}: ${mine} and ${theirs}`).toBeLessThan(
        2e-4 + 2e-3 * Math.abs(theirs),
      );
    });
    expect(LEARNED.filter((_, j) => Math.abs(automatic[j] as number) > 1e-3).length).toBeGreaterThan(9);
    tf.dispose([theta, value, grad]);
  });
});
