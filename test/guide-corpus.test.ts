import { loadProcedures, shippedProcedures } from '@truecount/device/guidance';
import { describe, expect, it } from 'vitest';
import { drawQuestion, patterns, type Subject } from '../models/guide/corpus/draw-question.ts';
import { cardNames, makeCase } from '../models/guide/corpus/make-case.ts';
import { kindWords } from '../models/guide/corpus/questions/cards.ts';
import { other } from '../models/guide/corpus/questions/other.ts';
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
const DRAWS = 20_000;
/** A grammar of everyday questions says some of them by chance. */
const RARELY = 0.02;

const { procedures } = loadProcedures([shippedProcedures]);
const cards = procedures.filter(({ kinds }) => kinds.length > 0);

describe('the corpus of the guidance model', () => {
  it('asks hardly any of the longer questions of the evaluation', () => {
    const asked = new Set<string>();
    const random = randomFrom(11);
    const subjects = Object.keys(patterns) as readonly Subject[];
    const kinds = Object.keys(kindWords);
    for (let draw = 0; draw < DRAWS; draw += 1)
      asked.add(
        plain(
          drawQuestion(
            random.pick(subjects),
            cardNames(random.pick(kinds), () => true),
            random,
          ),
        ),
      );
    const kept = [...Object.values(heldOut).flat(), ...Object.values(blind).flat()];
    const seen = [...kept, ...heldOutUnanswerable, ...blindUnanswerable]
      .map(plain)
      .filter((question) => question.length > LONG && asked.has(question));
    expect(seen.length / kept.length).toBeLessThan(RARELY);
  });

  it('asks about every procedure that is no card s', () => {
    const without = procedures.filter(({ kinds }) => kinds.length === 0).map(({ id }) => id);
    expect(Object.keys(other).toSorted()).toEqual(without.toSorted());
  });

  it('is the same for the same seed, and its answers keep to the form', () => {
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
