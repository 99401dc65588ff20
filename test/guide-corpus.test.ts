import { cardTopics, loadProcedures, shippedProcedures } from '@truecount/device/guidance';
import { describe, expect, it } from 'vitest';
import { expand } from '../models/guide/corpus/expand.ts';
import { makeCase } from '../models/guide/corpus/make-case.ts';
import { askPatterns, itWords, kindWords } from '../models/guide/corpus/questions.ts';
import { randomFrom } from '../models/guide/corpus/random.ts';
import { blind, blindUnanswerable } from '../models/guide/evaluation/blind.ts';
import { heldOut, heldOutUnanswerable } from '../models/guide/evaluation/held-out.ts';

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z<>]+/g, ' ')
    .trim();
/** What anybody would ask in these very words; it says nothing about learning by heart. */
const LONG = 30;

describe('the corpus of the guidance model', () => {
  it('asks none of the longer questions of the evaluation', () => {
    const asked = new Set<string>();
    const random = randomFrom(11);
    for (const topic of [...cardTopics, 'none'] as const)
      for (const pattern of askPatterns[topic])
        for (let draw = 0; draw < 40; draw += 1)
          asked.add(
            plain(
              expand(pattern, random, {
                it: Object.values(itWords).flat(),
                kindword: Object.values(kindWords).flat(),
              }),
            ),
          );
    const kept = [...Object.values(heldOut).flat(), ...Object.values(blind).flat()];
    const seen = [...kept, ...heldOutUnanswerable, ...blindUnanswerable]
      .map(plain)
      .filter((question) => question.length > LONG && asked.has(question));
    expect(seen).toEqual([]);
  });

  it('is the same for the same seed, and its answers keep to the form', () => {
    const cards = loadProcedures([shippedProcedures]).procedures.filter(({ kinds }) => kinds.length > 0);
    const made = (seed: number) => {
      const random = randomFrom(seed);
      return Array.from({ length: 50 }, () => makeCase(cards, random));
    };
    expect(made(3)).toEqual(made(3));
    for (const { prompt, answer } of made(4)) {
      expect(prompt).not.toMatch(/\d/);
      expect(JSON.parse(answer)).toMatchObject({ topic: expect.any(String), do: expect.any(Array) });
    }
  });
});
