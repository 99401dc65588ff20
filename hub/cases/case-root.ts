/** Which case an exception belongs to: exceptions with one root are one piece of work. */
import type { Exception } from '@truecount/protocol';

export type RootSource = Pick<Exception, 'kind' | 'store' | 'sku' | 'order' | 'transfer' | 'feed'>;

export function rootOf(exception: RootSource): string {
  if (exception.transfer !== undefined) return `transfer|${exception.transfer}`;
  if (exception.order !== undefined) return `order|${exception.order}|${exception.sku ?? ''}`;
  if (exception.sku !== undefined) return `sku|${exception.store}|${exception.sku}`;
  if (exception.feed !== undefined) return `feed|${exception.store}|${exception.feed}`;
  return `kind|${exception.store}|${exception.kind}`;
}
