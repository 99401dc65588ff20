import { createBelief, defaultParameters } from '@truecount/device/belief';
import type { Observation } from '@truecount/protocol';
import { describe, expect, it } from 'vitest';
import {
  chainPrior,
  fit,
  type FitState,
  inOrder,
  judge,
  learn,
  priorFromDefaults,
  recordTape,
} from './index.ts';
import { likelihoods, passTape } from './tape-pass.ts';

const START = Date.parse('2026-03-02T00:00:00.000Z');
const at = (day: number, hour: number): string =>
  new Date(START + (day * 24 + hour) * 3_600_000).toISOString();

/** Stores whose counts are wrong far more often than the defaults believe. */
function carelessStore(days: number): Observation[] {
  const said: Observation[] = [];
  for (let s = 0; s < 12; s++) {
    let stock = 40;
    said.push({ type: 'record', t: at(0, 7), sku: `s${s}`, qty: stock });
    for (let day = 0; day < days; day++) {
      if (stock < 15) {
        said.push({ type: 'receipt', t: at(day, 8), sku: `s${s}`, qty: 30 });
        stock += 30;
      }
      said.push({ type: 'sale', t: at(day, 10 + (s % 6)), sku: `s${s}`, qty: 1 });
      stock--;
      if (day % 4 === s % 4) {
        const wrong = (day + s) % 3 === 0 ? 1 : 0;
        said.push({ type: 'count', t: at(day, 18), sku: `s${s}`, qty: stock + wrong });
      }
    }
  }
  return said.sort((a, b) => (a.t < b.t ? -1 : a.t > b.t ? 1 : 0));
}

describe('learning the error rates of a store', () => {
  it('finds that its counts are often wrong', async () => {
    const result = await learn(inOrder(carelessStore(50)), { maxSteps: 8 });
    expect(result.challenger.countError).toBeGreaterThan(0.12);
    expect(result.parent).toBe(defaultParameters.version);
    expect([defaultParameters.version, result.challenger.version]).toContain(result.parameters.version);
  });

  it('lets no SKU gain so much that the rates of all bend to explain it', async () => {
    const { skus, dayEnds } = await recordTape(carelessStore(12), { parameters: defaultParameters });
    const [sku] = skus;
    if (sku === undefined) throw new Error('the store has no SKU');
    const passFrom = async (gained: number): ReturnType<typeof passTape> => {
      const known = await likelihoods({ skus: [sku], dayEnds, parameters: defaultParameters }, new Map());
      const before = new Map([[sku.sku, (known.get(sku.sku) ?? 0) - gained]]);
      return passTape({ skus: [sku], dayEnds, parameters: defaultParameters, before });
    };
    const steepness = ({ gradient }: Awaited<ReturnType<typeof passFrom>>): number => Math.hypot(...gradient);
    const [fresh, little, much] = [await passFrom(0), await passFrom(0.1), await passFrom(60)];
    expect(steepness(little)).toBeGreaterThan(0.9 * steepness(fresh));
    expect(steepness(much)).toBeLessThan(0.01 * steepness(fresh));
    expect(much.logLikelihood - (fresh.logLikelihood - 60)).toBeLessThan(12);
  });

  it('goes on from a saved state as if it had not been stopped', async () => {
    const tape = await recordTape(carelessStore(25), { parameters: defaultParameters });
    const run = async (steps: number, state?: FitState): Promise<FitState> => {
      let last = state as FitState;
      const options = {
        tape,
        start: defaultParameters,
        prior: priorFromDefaults(defaultParameters),
        maxSteps: steps,
      };
      for await (const step of fit(state === undefined ? options : { ...options, state })) last = step.state;
      return last;
    };
    const whole = await run(4);
    const parts = await run(2, JSON.parse(JSON.stringify(await run(2))) as FitState);
    expect(parts.logs).toEqual(whole.logs);
  });

  it('stops when told to', async () => {
    const stop = new AbortController();
    const learning = learn(inOrder(carelessStore(40)), {
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(learning).rejects.toThrow(/abort/i);
  });

  it('keeps the champion unless a challenger predicts counts and picks better beyond chance', () => {
    const score = (look: number, presence: number, everything: number): Parameters<typeof judge>[0] => ({
      looks: Array.from({ length: 100 }, (_, i) => look + (i % 2 === 0 ? 0.01 : -0.01)),
      presence: Array.from({ length: 100 }, (_, i) => presence + (i % 3 === 0 ? 0.01 : -0.01)),
      everything,
    });
    const champion = score(-0.2, -0.1, 10);
    const noise = { ...champion, looks: champion.looks.map((look, i) => look + (i % 2 === 0 ? 0.3 : -0.29)) };
    expect(judge(champion, score(-0.3, -0.1, 500)).winner).toBe('champion');
    expect(judge(champion, score(-0.19, -0.15, 500)).winner).toBe('champion');
    expect(judge(champion, score(-0.19, -0.1, 9)).winner).toBe('champion');
    expect(judge(champion, { ...noise, everything: 500 }).winner).toBe('champion');
    expect(judge(champion, score(-0.19, -0.1, 12)).winner).toBe('challenger');
    expect(judge(champion, champion).winner).toBe('champion');
    const few = (one: Parameters<typeof judge>[0]): Parameters<typeof judge>[0] => ({
      ...one,
      looks: one.looks.slice(0, 9),
      presence: one.presence.slice(0, 9),
    });
    expect(judge(few(champion), few(score(-0.2, -0.1, 12))).winner).toBe('challenger');
    expect(judge(few(champion), few(score(-0.3, -0.1, 12))).winner).toBe('champion');
  });

  it('refuses a history too short to judge', async () => {
    await expect(learn(inOrder([{ type: 'record', t: at(0, 7), sku: 'a', qty: 3 }]))).rejects.toThrow(
      /too short/,
    );
  });

  it('tells the chain what its data say, without the prior that the chain gave', async () => {
    const history = inOrder(carelessStore(45));
    const wide = priorFromDefaults(defaultParameters);
    const strict = { ...wide, countError: { median: 0.05, spread: 0.3 } };
    const told = async (prior: typeof wide): Promise<number> => {
      const { statistics } = await learn(history, { prior });
      return statistics.estimates.find(({ name }) => name === 'countError')?.log ?? 0;
    };
    expect(Math.abs((await told(strict)) - (await told(wide)))).toBeLessThan(0.25);
    const { statistics } = await learn(history);
    expect(statistics.estimates.map(({ name }) => name)).not.toContain('cameraBlind');
  });

  it('takes the mean of the chain as its prior, as sure as its stores agree', () => {
    const pooled = { name: 'countError', log: -1.6, stores: 8 };
    const prior = (error: number, between: number) =>
      chainPrior([{ ...pooled, error, between }], defaultParameters);
    const alone = chainPrior([], defaultParameters);
    expect(alone).toEqual(priorFromDefaults(defaultParameters));
    const agreed = prior(0.002, 0.01)['countError'] as { median: number; spread: number };
    expect(Math.log(agreed.median)).toBeCloseTo(-1.6, 1);
    expect(agreed.spread).toBeLessThan(0.2);
    const unsure = prior(0.5, 0.6)['countError'] as { median: number; spread: number };
    expect(unsure.spread).toBeGreaterThan(0.5);
    expect(unsure.median).toBeLessThan(agreed.median);
    expect(prior(0.002, 0.01)['burst']).toEqual(alone['burst']);
  });

  it('gives parameters that a belief takes', () => {
    expect(createBelief({ parameters: { ...defaultParameters, version: 'x' } }).parameters.version).toBe('x');
  });
});
