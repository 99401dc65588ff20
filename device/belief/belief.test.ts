import type { Observation } from '@truecount/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Belief, createBelief } from './index.ts';

const START = Date.parse('2026-03-02T00:00:00.000Z');
const at = (hours: number): string => new Date(START + Math.round(hours * 3_600_000)).toISOString();
const record = (sku: string, qty: number): Observation => ({ type: 'record', t: at(7), sku, qty });

/** Enough for categories to teach their SKUs. */
const SKUS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l'];

/** Even chances: a double of fast-check is mostly next to nothing. */
const share = fc.nat(999).map((n) => n / 1000);

const historyOf = (skus: readonly string[], days: number, size: fc.ArrayConstraints) =>
  fc
    .array(
      fc.tuple(
        fc.integer({ min: 8 * 60, max: 24 * 60 * days }),
        fc.constantFrom(...skus),
        fc.constantFrom(
          'sale',
          'receipt',
          'count',
          'shelf',
          'pick',
          'return',
          'waste',
          'seen',
          'transfer',
          'record',
          'catalog',
        ),
        fc.integer({ min: 0, max: 30 }),
      ),
      size,
    )
    .map((rows) =>
      rows
        .map(([minutes, sku, type, n]) => observationOf(at(minutes / 60), sku, type, n))
        .sort((a, b) => (a.t < b.t ? -1 : a.t > b.t ? 1 : 0)),
    );

/** A history of a few SKUs in order of time. */
const history = historyOf(SKUS, 6, { maxLength: 120 });
/** The same over several days on which categories teach. */
const manyDays = historyOf(SKUS, 12, { minLength: 100, maxLength: 160 });
/** Much of the same few SKUs on a few days. */
const busyDays = historyOf(['a', 'b', 'c'], 4, { minLength: 60, maxLength: 100 });

function observationOf(t: string, sku: string, type: string, n: number): Observation {
  switch (type) {
    case 'sale':
      return { type, t, sku, qty: n === 0 ? -1 : (n % 5) + 1 };
    case 'shelf':
      return { type, t, sku, facings: n % 7, capacity: 6 };
    case 'pick':
      return { type, t, sku, requested: (n % 4) + 1, found: Math.min(n % 5, (n % 4) + 1) };
    case 'seen':
      return { type, t, sku };
    case 'catalog':
      return { type, t, sku, ...(n % 4 === 0 ? {} : { category: n % 2 === 0 ? 'even' : 'odd' }) };
    case 'receipt':
      return n % 5 === 0 ? { type, t, sku } : { type, t, sku, qty: n };
    case 'transfer':
      return { type, t, sku, qty: n - 15 };
    case 'return':
    case 'waste':
    case 'count':
    case 'record':
      return { type, t, sku, qty: n };
    default:
      throw new Error(`unexpected type ${type}`);
  }
}

function foldAll(observations: readonly Observation[]): ReturnType<typeof createBelief> {
  const belief = createBelief();
  for (const observation of observations) belief.observe(observation);
  belief.advance(at(24 * 8));
  return belief;
}

/** Twelve products that go on selling, so that the store's day goes on. */
const others = Array.from({ length: 12 }, (_, i) => `s${i}`);

describe('the belief over on-hand', () => {
  it('believes whoever counts a few, however long nothing was sold and whatever the record said', () => {
    const at = (day: number, hour: number): string =>
      new Date(Date.parse('2026-03-02T00:00:00.000Z') + (24 * day + hour) * 3_600_000).toISOString();
    const belief = createBelief();
    belief.observe({ type: 'record', t: at(0, 6), sku: 'oat', qty: 260 });
    for (let day = 0; day < 5; day++)
      for (let hour = 8; hour < 20; hour++)
        for (const quarter of [0, 0.25, 0.5])
          for (const sku of day < 4 ? ['oat', ...others] : others)
            belief.observe({ type: 'sale', t: at(day, hour + quarter), sku, qty: 1 });
    belief.advance(at(5, 7));
    expect(belief.position('oat')?.confidence).toBeLessThan(0.5);
    belief.observe({ type: 'count', t: at(5, 7.1), sku: 'oat', qty: 5 });
    expect(belief.position('oat')?.confidence).toBeGreaterThan(0.85);
    expect(belief.position('oat')?.mean).toBeGreaterThan(4);
    belief.observe({ type: 'count', t: at(5, 7.2), sku: 'oat', qty: 0 });
    expect(belief.position('oat')?.confidence).toBeLessThan(0.3);
  });

  it('is a distribution that is never certain, whatever is observed', () => {
    fc.assert(
      fc.property(history, (observations) => {
        const belief = foldAll(observations);
        for (const sku of belief.skus()) {
          const position = belief.position(sku);
          if (position === undefined) continue;
          const total = position.pmf.reduce((a, b) => a + b, 0);
          expect(total).toBeCloseTo(1, 6);
          expect(position.p0).toBeGreaterThanOrEqual(1e-6);
          expect(position.p0).toBeLessThanOrEqual(1 - 1e-6);
          expect(Number.isFinite(position.mean) && Number.isFinite(position.rate)).toBe(true);
          expect(position.p05).toBeLessThanOrEqual(position.p95);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('ends the same when observations arrive late', () => {
    fc.assert(
      fc.property(history, fc.infiniteStream(share), (observations, dice) => {
        const keys = observations.map(
          (o) => Date.parse(o.t) + (dice.next().value as number) * 3 * 86_400_000,
        );
        const shuffled = observations
          .map((observation, i) => ({ observation, key: keys[i] as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ observation }) => observation);
        expect(Buffer.from(foldAll(shuffled).snapshot()).equals(foldAll(observations).snapshot())).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('does not depend on the order in which observations of the same instant arrive', () => {
    fc.assert(
      fc.property(
        history,
        fc.array(fc.nat(1000), { minLength: 120, maxLength: 120 }),
        (observations, dice) => {
          // Three instants for all of them, hours apart; each hour's arrive in any order.
          const atOnce = observations.map((o, i) => ({
            ...o,
            t: at(9 + 30 * Math.floor((3 * i) / observations.length)),
          }));
          const anyOrder = atOnce
            .map((observation, i) => ({ observation, key: `${observation.t} ${dice[i]}` }))
            .sort((a, b) => (a.key < b.key ? -1 : 1))
            .map(({ observation }) => observation);
          expect(Buffer.from(foldAll(anyOrder).snapshot()).equals(foldAll(atOnce).snapshot())).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('does not depend on the order of two deliveries of one instant, one of them without a quantity', () => {
    const known = { type: 'receipt', t: at(9), sku: 'f', qty: 1 } as const;
    const unknown = { type: 'receipt', t: at(9), sku: 'f' } as const;
    const [one, other] = [foldAll([known, unknown]), foldAll([unknown, known])];
    expect(Buffer.from(one.snapshot()).equals(other.snapshot())).toBe(true);
  });

  it('is not changed by questions or by closing days bit by bit, whatever comes late meanwhile', () => {
    fc.assert(
      fc.property(
        busyDays,
        fc.array(fc.tuple(share, fc.nat(3), fc.nat(3)), { minLength: 100, maxLength: 100 }),
        fc.boolean(),
        (observations, dice, isDaysLate) => {
          // Most are on time, some come hours later; now and then one comes so late that days are folded again.
          const arrivals = observations
            .map((observation, i) => {
              const [late, sku, question] = dice[i] as [number, number, number];
              const delayMs =
                (late < 0.6 ? 0 : late < 0.97 || !isDaysLate ? late * 4 : late * 40) * 3_600_000;
              return { observation, sku, question, at: Date.parse(observation.t) + delayMs };
            })
            .sort((a, b) => a.at - b.at);
          const asked = createBelief();
          for (const { observation, sku, question, at: now } of arrivals) {
            asked.advance(new Date(now).toISOString());
            asked.closeSome(question);
            asked.observe(observation);
            const name = SKUS[sku] ?? 'unheard';
            if (question === 0) asked.position(name);
            else if (question === 1) for (const each of SKUS) asked.outlook(each);
            else if (question === 2) asked.explain(name);
          }
          const unasked = createBelief();
          for (const { observation, at: now } of arrivals) {
            unasked.advance(new Date(now).toISOString());
            unasked.observe(observation);
          }
          for (const sku of SKUS) {
            expect(asked.position(sku)).toEqual(unasked.position(sku));
            expect(asked.explain(sku)).toEqual(unasked.explain(sku));
          }
          for (const belief of [asked, unasked]) belief.advance(at(24 * 8));
          const bytes = Buffer.from(asked.snapshot());
          expect(bytes.equals(unasked.snapshot())).toBe(true);
          expect(bytes.equals(foldAll(observations).snapshot())).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('answers while a day is being closed as when it is', () => {
    const step = fc.tuple(fc.nat(4), fc.constantFrom(...SKUS), fc.nat(4));
    fc.assert(
      fc.property(manyDays, fc.infiniteStream(step), (observations, steps) => {
        const slowly = createBelief();
        const atOnce = createBelief();
        for (const observation of observations) {
          const [most, sku, question] = steps.next().value as [number, string, number];
          for (const belief of [slowly, atOnce]) belief.advance(observation.t);
          atOnce.closeSome(Number.POSITIVE_INFINITY);
          slowly.closeSome(most);
          const answer = (belief: Belief): unknown =>
            question === 0
              ? belief.explain(sku)
              : question === 1
                ? belief.position(sku)
                : question === 2 && most === 0
                  ? belief.signs(sku)
                  : undefined;
          expect(answer(slowly)).toEqual(answer(atOnce));
          for (const belief of [slowly, atOnce]) belief.observe(observation);
        }
        expect(Buffer.from(slowly.snapshot()).equals(atOnce.snapshot())).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('writes snapshots that other versions of the same format read', () => {
    const belief = createBelief();
    belief.observe({ type: 'record', t: at(7), sku: 'b', qty: 9 });
    belief.observe({ type: 'catalog', t: at(7), sku: 'a', name: 'oat drink' });
    belief.observe({ type: 'record', t: at(7), sku: 'a', qty: 4 });
    belief.observe({ type: 'sale', t: at(9), sku: 'a', qty: 2 });
    belief.observe({ type: 'shelf', t: at(10), sku: 'a', facings: 0, capacity: 4 });
    belief.advance(at(24.2));
    const bytes = Buffer.from(belief.snapshot());
    const end = bytes.indexOf(10);
    const header: unknown = JSON.parse(bytes.toString('utf8', 0, end));
    expect(header).toMatchObject({
      format: 'truecount-belief-6',
      hour: START / 3_600_000 + 24,
      skus: [{ sku: 'a', catalog: { sku: 'a', name: 'oat drink' } }, { sku: 'b' }],
    });
    const numbers = new Float64Array(Uint8Array.from(bytes.subarray(end + 1)).buffer);
    const { absent, hidden, selling } = belief.situation('a') ?? { absent: 0, hidden: 0, selling: 0 };
    const [cells, width, carry] = numbers.subarray(7, 10);
    const rates = numbers.subarray(20, 84);
    const present = numbers.subarray(84, 84 + (cells ?? 0));
    const sum = (weights: Float64Array): number => weights.reduce((a, b) => a + b, 0);
    // There is a belief; the level of four units, no category; begun before the first trading day; three pieces of evidence.
    expect([...numbers.subarray(0, 7)]).toEqual([1, 7, 0, 3, absent, hidden, selling]);
    expect([width, carry]).toEqual([1, 0]);
    // Record, units sold, purchases; the last camera view was empty; no contradictions.
    expect([...numbers.subarray(11, 14)]).toEqual([2, 2, 1]);
    expect([...numbers.subarray(15, 17)]).toEqual([1, 0]);
    // No delivery yet, nothing found beyond the record.
    expect([...numbers.subarray(18, 20)]).toEqual([Number.NaN, 0]);
    expect(sum(rates.subarray(0, 32))).toBeCloseTo(1, 5);
    expect(sum(rates.subarray(32))).toBeCloseTo(1, 5);
    expect(sum(present)).toBeCloseTo(1, 5);
    // Three pieces of evidence: instant, kind, two quantities, P(absent) before and after.
    const evidence = numbers.subarray(84 + (cells ?? 0), 84 + (cells ?? 0) + 18);
    expect([0, 6, 12].map((i) => evidence[i])).toEqual([7, 9, 10].map((hour) => Date.parse(at(hour))));
    expect([evidence[1], evidence[2], evidence[3]]).toEqual([2, 4, 0]);
    expect(numbers[84 + (cells ?? 0) + 18]).toBe(1);
  });

  it('goes on from a snapshot as if it had never stopped', () => {
    fc.assert(
      fc.property(history, fc.nat(60), (observations, cut) => {
        const live = foldAll(observations);
        const first = createBelief();
        for (const observation of observations.slice(0, cut)) first.observe(observation);
        const second = createBelief();
        const from = second.restore(first.snapshot());
        for (const observation of observations)
          if (from === undefined || observation.t >= from) second.observe(observation);
        second.advance(at(24 * 8));
        expect(Buffer.from(second.snapshot()).equals(live.snapshot())).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('loses confidence while a SKU that used to sell stays silent', () => {
    const belief = createBelief();
    belief.observe(record('a', 40));
    for (let day = 0; day < 6; day++)
      for (const hour of [9, 11, 14, 17])
        belief.observe({ type: 'sale', t: at(day * 24 + hour), sku: 'a', qty: 1 });
    const before = belief.position('a');
    belief.advance(at(24 * 9));
    const after = belief.position('a');
    expect(before?.confidence).toBeGreaterThan(0.97);
    expect(after?.confidence).toBeLessThan(0.3);
    expect(after?.record).toBe(16);
  });

  it('is not carried away by one clock that jumped years ahead', () => {
    const belief = createBelief();
    belief.observe(record('a', 10));
    belief.observe({ type: 'sale', t: '2031-01-01T10:00:00.000Z', sku: 'a', qty: 1 });
    belief.observe({ type: 'sale', t: at(12), sku: 'a', qty: 1 });
    expect(belief.now).toBe(at(12));
    expect(belief.position('a')?.record).toBe(9);
  });

  it('believes a slow seller through a silent week', () => {
    const belief = createBelief();
    belief.observe(record('slow', 5));
    for (let day = 1; day < 240; day++) {
      if (day % 30 === 3) belief.observe({ type: 'count', t: at(day * 24 + 9), sku: 'slow', qty: 5 });
      if (day % 30 === 20) belief.observe({ type: 'sale', t: at(day * 24 + 11), sku: 'slow', qty: 1 });
      belief.observe({ type: 'sale', t: at(day * 24 + 12), sku: 'other', qty: 1 });
    }
    expect(belief.position('slow')?.confidence).toBeGreaterThan(0.85);
  });

  it('does not go back to a SKU that a count found, unless evidence says so', () => {
    const belief = createBelief();
    belief.observe(record('a', 10));
    belief.observe({ type: 'count', t: at(10), sku: 'a', qty: 0 });
    expect(belief.position('a')?.confidence).toBeLessThan(0.1);
    belief.observe({ type: 'receipt', t: at(11), sku: 'a', qty: 12 });
    expect(belief.position('a')?.confidence).toBeGreaterThan(0.95);
    expect(belief.position('a')?.mean).toBeGreaterThan(11);
  });

  it('answers promises from the distribution', () => {
    const belief = createBelief();
    belief.observe(record('a', 10));
    belief.observe({ type: 'count', t: at(10), sku: 'a', qty: 8 });
    expect(belief.atp('a', 0.9, 0)).toBeGreaterThanOrEqual(7);
    expect(belief.atp('a', 0.9, 3)).toBe(belief.atp('a', 0.9, 0) - 3);
    expect(belief.atp('a', 0.9999999, 0)).toBe(0);
    expect(belief.quantile('a', 0.5)).toBe(8);
    expect(belief.probabilityAtLeast('a', 9)).toBeLessThan(0.15);
    expect(belief.stockoutBefore('a', at(24 * 30))).toBeGreaterThan(belief.stockoutBefore('a', at(24)));
    expect(belief.position('never heard of')).toBeUndefined();
  });

  it('explains what each piece of evidence did', () => {
    const belief = createBelief();
    belief.observe(record('a', 10));
    belief.observe({ type: 'sale', t: at(10), sku: 'a', qty: 2 });
    belief.observe({ type: 'shelf', t: at(12), sku: 'a', facings: 0, capacity: 6 });
    const explanation = belief.explain('a');
    expect(explanation?.evidence.at(-1)).toMatchObject({
      type: 'shelf',
      line: expect.stringMatching(/0 of 6.*divided/),
    });
    expect(explanation?.evidence.at(-1)?.logOdds).toBeLessThan(-1);
  });
});

describe('what a category teaches', () => {
  /** Ten SKUs of each category sell once a day or once a fortnight; one of each has just come. */
  const silentDays = (category: string, isAsked = false): number => {
    const belief = createBelief();
    for (const kind of ['brisk', 'slow'])
      for (let i = 0; i < 10; i++) {
        belief.observe({ type: 'catalog', t: at(6), sku: `${kind}${i}`, category: kind });
        belief.observe(record(`${kind}${i}`, 60));
      }
    for (let day = 0; day < 28; day++)
      for (let i = 0; i < 10; i++) {
        belief.observe({ type: 'sale', t: at(day * 24 + 9 + i / 4), sku: `brisk${i}`, qty: 1 });
        if ((day + i) % 14 === 0)
          belief.observe({ type: 'sale', t: at(day * 24 + 12 + i / 4), sku: `slow${i}`, qty: 1 });
      }
    belief.observe({ type: 'record', t: at(28 * 24 + 7), sku: 'new', qty: 8 });
    belief.advance(at(28 * 24 + 9));
    if (isAsked) belief.position('new');
    belief.observe({ type: 'catalog', t: at(28 * 24 + 9), sku: 'new', category });
    for (let day = 28; day < 42; day++)
      for (let i = 0; i < 10; i++)
        belief.observe({ type: 'sale', t: at(day * 24 + 9 + i / 4), sku: `brisk${i}`, qty: 1 });
    return belief.position('new')?.confidence ?? 0;
  };

  it('is how soon a new SKU is expected to sell', () => {
    expect(silentDays('slow')).toBeGreaterThan(0.8);
    expect(silentDays('brisk')).toBeLessThan(0.4);
  });

  it('is so even if the SKU was asked about before its category was known', () => {
    expect(silentDays('slow', true)).toBe(silentDays('slow'));
    expect(silentDays('brisk', true)).toBe(silentDays('brisk'));
  });
});

describe('what stock teaches', () => {
  /** Ten SKUs of which forty are kept sell once a day, ten of which three are kept once a fortnight; one has just come. */
  const silentDays = (arrival: Observation): number => {
    const belief = createBelief();
    for (let i = 0; i < 10; i++) {
      belief.observe(record(`brisk${i}`, 36 + i));
      belief.observe(record(`slow${i}`, 2 + (i % 3)));
    }
    const sell = (day: number): void => {
      for (let i = 0; i < 10; i++) {
        belief.observe({ type: 'sale', t: at(day * 24 + 9 + i / 4), sku: `brisk${i}`, qty: 1 });
        if ((day + i) % 14 === 0)
          belief.observe({ type: 'sale', t: at(day * 24 + 12 + i / 4), sku: `slow${i}`, qty: 1 });
      }
    };
    for (let day = 0; day < 28; day++) sell(day);
    belief.observe(arrival);
    for (let day = 28; day < 42; day++) sell(day);
    return belief.position('new')?.confidence ?? 0;
  };

  it('is how soon a new SKU is expected to sell, whether a record or a delivery brought it', () => {
    const t = at(28 * 24 + 7);
    for (const type of ['record', 'receipt'] as const) {
      const few = silentDays({ type, t, sku: 'new', qty: 3 });
      expect(few).toBeGreaterThan(0.75);
      expect(silentDays({ type, t, sku: 'new', qty: 40 })).toBeLessThan(few - 0.3);
    }
  });
});

describe('a SKU that was never sold', () => {
  it('is expected to sell as its prior says', () => {
    const silentWeek = (median: number): number => {
      const belief = createBelief({ ratePrior: () => ({ median, spread: 0.5 }) });
      belief.observe(record('new', 8));
      for (let day = 0; day < 7; day++) belief.observe({ type: 'seen', t: at(day * 24 + 12), sku: 'other' });
      belief.advance(at(24 * 7));
      return belief.position('new')?.confidence ?? 0;
    };
    expect(silentWeek(0.03)).toBeGreaterThan(0.9);
    expect(silentWeek(3)).toBeLessThan(0.5);
  });

  it('may stand in the backroom', () => {
    const belief = createBelief();
    belief.observe(record('a', 8));
    belief.observe({ type: 'shelf', t: at(12), sku: 'a', facings: 0, capacity: 4 });
    const situation = belief.situation('a');
    expect((situation?.absent ?? 0) + (situation?.hidden ?? 0) + (situation?.selling ?? 0)).toBeCloseTo(1, 9);
    expect(situation?.hidden).toBeGreaterThan(0.05);
  });
});
