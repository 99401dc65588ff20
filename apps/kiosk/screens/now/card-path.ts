/** Where a card leads: counting has its own screen, transfer steps theirs, everything else the task's page. */
import type { NowCard } from '@truecount/protocol';

export function pathOf(card: NowCard): string {
  if (card.kind === 'count' && card.product)
    return `/count/${encodeURIComponent(card.product.sku)}?task=${encodeURIComponent(card.id)}`;
  if (card.transferId) return `/transfers?id=${encodeURIComponent(card.transferId)}`;
  return `/task/${encodeURIComponent(card.id)}`;
}

/** Done in one touch from the card; the others need a number first. */
export const isOneTouch = (card: NowCard): boolean =>
  card.kind === 'check-feed' || (card.kind === 'restock' && card.transferId === undefined);
