import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type OrderedCard, orderCards } from './card-order.ts';

interface Card {
  readonly id: string;
  readonly version: number;
}
const cards = (...ids: readonly string[]): readonly Card[] => ids.map((id) => ({ id, version: 1 }));
const idsOf = (ordered: readonly OrderedCard<Card>[]): readonly string[] =>
  ordered.map(({ card }) => card.id);
const shown = (...ids: readonly string[]): readonly OrderedCard<Card>[] =>
  cards(...ids).map((card) => ({ card, isGone: false }));

test('without a touch the agent’s order is taken as it is', () => {
  expect(idsOf(orderCards(shown('a', 'b'), cards('c', 'b', 'a'), false))).toEqual(['c', 'b', 'a']);
});

test('under a finger no card moves: gone ones stay and say so, new ones wait at the end', () => {
  const frozen = orderCards(shown('a', 'b', 'c'), cards('d', 'c', 'a'), true);
  expect(idsOf(frozen)).toEqual(['a', 'b', 'c', 'd']);
  expect(frozen.map(({ isGone }) => isGone)).toEqual([false, true, false, false]);
});

test('a card that comes back while frozen is live again, with its newest content', () => {
  const gone = orderCards(shown('a', 'b'), cards('a'), true);
  const back = orderCards(gone, [{ id: 'b', version: 2 }, ...cards('a')], true);
  expect(idsOf(back)).toEqual(['a', 'b']);
  expect(back[1]).toEqual({ card: { id: 'b', version: 2 }, isGone: false });
});

test('whatever is offered while frozen, what is on screen keeps its place and nothing is lost or doubled', () => {
  const ids = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'));
  fc.assert(
    fc.property(ids, fc.array(ids, { maxLength: 5 }), (first, updates) => {
      let ordered = shown(...first);
      for (const offered of updates) {
        const before = idsOf(ordered);
        ordered = orderCards(ordered, cards(...offered), true);
        const after = idsOf(ordered);
        expect(after.slice(0, before.length)).toEqual(before);
        expect(new Set(after).size).toBe(after.length);
        expect(offered.every((id) => after.includes(id))).toBe(true);
      }
    }),
  );
});
