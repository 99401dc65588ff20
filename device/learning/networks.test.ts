import { describe, expect, it } from 'vitest';
import type { StockSigns } from '../belief/index.ts';
import {
  experiencedRanker,
  learnCauses,
  learnRanking,
  learnRatePrior,
  likelyActedOn,
  openTensors,
  rankCauses,
  ratePriorOf,
  type SoldHistory,
  untrainedRanker,
} from './index.ts';
import { freshNetwork, train } from './small-network.ts';

const quiet: StockSigns = {
  hidden: 0.1,
  silentSinceReceipt: 0,
  categorySilent: 0,
  storeSilent: 0,
  beyondRecord: 0,
  siblingMirrors: 0,
  price: 0.5,
  perishable: 0,
  sudden: 0,
};

describe('networks trained on the device', () => {
  it('learn the same weights on every portable backend, within rounding', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => ({
      inputs: [Math.sin(i), Math.cos(i * 1.7), (i % 7) / 7],
      target: [Math.sin(i) * 0.5 + (i % 7) / 14],
    }));
    const fresh = freshNetwork({ inputs: 3, hidden: 5, outputs: 2 });
    const learned = [];
    for (const name of ['wasm', 'cpu'] as const) {
      const backend = await openTensors([name]);
      expect(backend.name).toBe(name);
      learned.push(await train(backend, fresh, rows, { head: 'normal', steps: 60 }));
    }
    const [wasm, cpu] = learned;
    expect(wasm?.lossAfter).toBeLessThan((wasm?.lossBefore ?? 0) - 0.3);
    wasm?.network.first.forEach((weight, i) =>
      expect(Math.abs(weight - (cpu?.network.first[i] as number))).toBeLessThan(5e-3),
    );
  });

  it('falls back when a backend is absent and says which', async () => {
    const skipped: string[] = [];
    const backend = await openTensors(['native', 'cpu'], (name) => skipped.push(name));
    expect([backend.name, ...skipped]).toEqual(backend.name === 'native' ? ['native'] : ['cpu', 'native']);
  });

  it('expects of a new SKU what its category and price suggest', async () => {
    const histories: SoldHistory[] = Array.from({ length: 120 }, (_, i) => {
      const isFast = i % 2 === 0;
      return {
        catalog: { sku: `s${i}`, category: isFast ? 'milk' : 'lamps', price: isFast ? 1.5 : 40 },
        purchases: Math.round((isFast ? 90 : 3) * (0.6 + ((i * 7) % 10) / 10)),
        days: 30,
      };
    });
    const { network, peers } = await learnRatePrior(await openTensors(['wasm', 'cpu']), histories, 'v1');
    const milk = ratePriorOf(network, peers, { sku: 'new', category: 'milk', price: 1.4 });
    const lamp = ratePriorOf(network, peers, { sku: 'new', category: 'lamps', price: 45 });
    expect(milk.median).toBeGreaterThan(1.5);
    expect(milk.median).toBeLessThan(6);
    expect(lamp.median).toBeLessThan(0.25);
    expect(milk.spread).toBeLessThan(1.2);
  });

  it('ranks causes by experience and then by the cases of the store', async () => {
    const before = experiencedRanker();
    expect(rankCauses(before, { ...quiet, hidden: 0.9 })[0]?.cause).toBe('shelf-not-filled');
    expect(rankCauses(before, { ...quiet, siblingMirrors: 1, beyondRecord: 1 })[0]?.cause).toBe('mis-scan');
    expect(rankCauses(before, { ...quiet, beyondRecord: 1 })[0]?.cause).toBe('unbooked-delivery');
    expect(rankCauses(before, { ...quiet, storeSilent: 0.9, categorySilent: 0.9 })[0]?.cause).toBe(
      'feed-silent',
    );
    const cases = Array.from({ length: 60 }, () => ({
      signs: { ...quiet, sudden: 1 },
      cause: 'misplaced' as const,
    }));
    const after = await learnCauses(await openTensors(['wasm', 'cpu']), before, cases, 'v2');
    expect(rankCauses(before, { ...quiet, sudden: 1 })[0]?.cause).toBe('theft');
    expect(rankCauses(after, { ...quiet, sudden: 1 })[0]?.cause).toBe('misplaced');
  });

  it('orders exceptions by what people acted on', async () => {
    const signs = { confidence: 0.9, exposure: 20, ageHours: 2, hour: 10 };
    const outcomes = Array.from({ length: 80 }, (_, i) => ({
      signs: { ...signs, kind: i % 2 === 0 ? 'phantom-stock' : 'hidden-stock' },
      acted: i % 2 === 0,
    }));
    const before = untrainedRanker();
    expect(likelyActedOn(before, { ...signs, kind: 'phantom-stock' })).toBeCloseTo(0.5, 6);
    const after = await learnRanking(await openTensors(['wasm', 'cpu']), before, outcomes, 'v1');
    expect(likelyActedOn(after, { ...signs, kind: 'phantom-stock' })).toBeGreaterThan(0.8);
    expect(likelyActedOn(after, { ...signs, kind: 'hidden-stock' })).toBeLessThan(0.2);
  });
});
