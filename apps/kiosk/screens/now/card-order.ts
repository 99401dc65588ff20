/**
 * The order of the cards on screen. Live updates must never move a card that a finger is on its way to, so the
 * order is frozen while somebody touches: cards stay where they are, those that are gone keep their place and
 * say so, new ones wait at the end. When the touch is over the agent's order is taken as it is.
 */
export interface OrderedCard<C> {
  readonly card: C;
  /** No longer offered by the agent; kept only because the order is frozen. */
  readonly isGone: boolean;
}

export function orderCards<C extends { readonly id: string }>(
  shown: readonly OrderedCard<C>[],
  offered: readonly C[],
  isFrozen: boolean,
): readonly OrderedCard<C>[] {
  if (!isFrozen) return offered.map((card) => ({ card, isGone: false }));
  const byId = new Map(offered.map((card) => [card.id, card]));
  const kept = shown.map(({ card }) => {
    const fresh = byId.get(card.id);
    return fresh ? { card: fresh, isGone: false } : { card, isGone: true };
  });
  const shownIds = new Set(shown.map(({ card }) => card.id));
  const added = offered.filter((card) => !shownIds.has(card.id)).map((card) => ({ card, isGone: false }));
  return [...kept, ...added];
}
