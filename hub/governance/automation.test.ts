import { optionKinds } from '@truecount/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_AUTOMATION, isHeldOut, judgeStanding } from './automation.ts';
import { lowerBound, normalQuantile } from './success-bound.ts';

const rules = DEFAULT_AUTOMATION;
const tally = fc
  .nat(400)
  .chain((outcomes) => fc.record({ outcomes: fc.constant(outcomes), successes: fc.nat(outcomes) }));

describe('the surely reached success rate', () => {
  it('agrees with published quantiles and with Wilson’s own numbers', () => {
    for (const [p, z] of [
      [0.5, 0],
      [0.95, 1.6448536],
      [0.975, 1.959964],
      [0.999, 3.0902323],
      [0.01, -2.3263479],
    ] as const)
      expect(normalQuantile(p)).toBeCloseTo(z, 6);
    // 8 of 10 at 95 % two-sided is (0.4902, 0.9433): Newcombe 1998, table I, method 3.
    expect(lowerBound({ successes: 8, outcomes: 10 }, 0.975)).toBeCloseTo(0.4902, 4);
    expect(lowerBound({ successes: 0, outcomes: 0 }, 0.95)).toBe(0);
  });

  it('is never above the rate itself, grows with successes, and falls with each failure and with more caution', () => {
    fc.assert(
      fc.property(tally, ({ successes, outcomes }) => {
        const bound = lowerBound({ successes, outcomes }, 0.95);
        expect(bound).toBeLessThanOrEqual(outcomes === 0 ? 0 : successes / outcomes);
        expect(lowerBound({ successes: successes + 1, outcomes: outcomes + 1 }, 0.95)).toBeGreaterThan(bound);
        expect(lowerBound({ successes, outcomes: outcomes + 1 }, 0.95)).toBeLessThanOrEqual(bound);
        expect(lowerBound({ successes, outcomes }, 0.99)).toBeLessThanOrEqual(bound);
      }),
    );
  });
});

describe('automation', () => {
  const option = 'reassign';

  it('is earned only with enough outcomes whose bound passes the target, and with nothing that takes it', () => {
    fc.assert(
      fc.property(tally, fc.option(fc.constant('lost: drift'), { nil: undefined }), (known, lostBecause) => {
        const { isEarned } = judgeStanding(
          { option, ...known, ...(lostBecause === undefined ? {} : { lostBecause }) },
          rules,
        );
        expect(isEarned).toBe(
          lostBecause === undefined &&
            known.outcomes >= rules.minOutcomes &&
            lowerBound(known, rules.confidence) >= rules.targetRate,
        );
      }),
    );
  });

  it('is kept from an option with a true success rate below the target nearly always', () => {
    // With 95 % confidence a rate exactly at the target passes about one time in twenty.
    const random = mulberry(7);
    let passed = 0;
    for (let n = 0; n < 2000; n += 1) {
      let successes = 0;
      for (let k = 0; k < 60; k += 1) if (random() < rules.targetRate) successes += 1;
      if (judgeStanding({ option, successes, outcomes: 60 }, rules).isEarned) passed += 1;
    }
    expect(passed / 2000).toBeLessThan(0.08);
  });

  it('need not be earned for asking somebody to look, and is lost there too', () => {
    for (const asked of optionKinds)
      expect(judgeStanding({ option: asked, successes: 0, outcomes: 0 }, rules).isEarned).toBe(
        rules.asks.includes(asked),
      );
    expect(
      judgeStanding({ option: 'count', successes: 9, outcomes: 9, lostBecause: 'lost: drift' }, rules),
    ).toMatchObject({ isEarned: false, reason: 'lost: drift' });
  });
});

describe('the share of cases that is left to people', () => {
  it('is drawn the same way every time, and anew under another policy', () => {
    fc.assert(
      fc.property(fc.uuid({ version: 7 }), fc.string({ maxLength: 64 }), (id, hash) => {
        expect(isHeldOut(id, hash, 0.5)).toBe(isHeldOut(id, hash, 0.5));
        expect(isHeldOut(id, hash, 0)).toBe(false);
        expect(isHeldOut(id, hash, 1)).toBe(true);
        expect(!isHeldOut(id, hash, 0.1) || isHeldOut(id, hash, 0.3)).toBe(true);
      }),
    );
    const ids = Array.from({ length: 4000 }, (_, n) => `case-${n}`);
    const [one, two] = ['one', 'two'].map((hash) => ids.map((id) => isHeldOut(id, hash, 0.5)));
    const same = ids.filter((_, n) => one?.[n] === two?.[n]).length;
    expect(same / ids.length).toBeGreaterThan(0.45);
    expect(same / ids.length).toBeLessThan(0.55);
  });

  it('is about as large as the policy says', () => {
    for (const share of [0.05, 0.1, 0.3]) {
      const drawn = Array.from({ length: 20_000 }, (_, n) => isHeldOut(`case-${n}`, 'policy', share));
      expect(drawn.filter(Boolean).length / drawn.length).toBeCloseTo(share, 1.7);
    }
  });
});

function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
