import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leanOf, type Verdict } from './advice/verdicts.ts';
import { Guidance } from './guidance.ts';
import { loadProcedures, shippedProcedures } from './library/library.ts';

const { procedures } = loadProcedures([shippedProcedures]);
const question = 'what about this one then';
const verdict = (right: boolean, more: Partial<Verdict> = {}): Verdict => ({
  question,
  kind: 'phantom-stock',
  topic: 'act',
  procedure: 'phantom-stock',
  right,
  ...more,
});

const topicAfter = async (verdicts: readonly Verdict[]): Promise<string | undefined> => {
  const guidance = new Guidance({ procedures, elapsed: () => 0, verdicts: () => verdicts });
  const advice = await guidance.ask({ question, role: 'associate', exception: { kind: 'phantom-stock' } });
  return advice?.topic;
};

describe('what people said of earlier answers', () => {
  it('turns an answer that several found wrong, and back again when as many find it right', async () => {
    const topic = await topicAfter([]);
    if (topic === undefined) throw new Error('no advice');
    const wrong = Array.from({ length: 5 }, () => verdict(false, { topic }));
    expect(await topicAfter(wrong)).not.toBe(topic);
    expect(await topicAfter([...wrong, ...wrong.map((one) => ({ ...one, right: true }))])).toBe(topic);
  });

  it('of another kind of card, or of quite other questions, changes nothing', () => {
    const lean = leanOf(question, 'phantom-stock', [
      verdict(false, { kind: 'shelf-gap' }),
      verdict(false, { kind: null }),
      verdict(false, { question: 'whom do i have to tell' }),
    ]);
    expect(lean.topic('act')).toBe(1);
    expect(lean.procedure('phantom-stock')).toBe(1);
  });

  it('never pushes further than its bound, however many say so', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 600 }), (right, wrong) => {
        const lean = leanOf(question, 'phantom-stock', [
          ...Array.from({ length: right }, () => verdict(true)),
          ...Array.from({ length: wrong }, () => verdict(false)),
        ]);
        expect(Math.abs(Math.log(lean.topic('act')))).toBeLessThanOrEqual(4);
        expect(Math.sign(Math.round(Math.log(lean.topic('act')) * 1e6)) + 0).toBe(
          Math.sign(right - wrong) + 0,
        );
      }),
    );
  });
});
