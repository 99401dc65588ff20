/** Which case an exception belongs to: exceptions with one root are one piece of work. */
import type { Exception } from '@truecount/protocol';

/** What the hub finds by itself may be about something that no store knows: a return, a delivery. */
export type HubFound = Exception & { readonly reference?: string };

export type RootSource = Pick<
  HubFound,
  'kind' | 'store' | 'sku' | 'order' | 'transfer' | 'feed' | 'reference'
>;

export function rootOf(exception: RootSource): string {
  if (exception.reference !== undefined) return `reference|${exception.reference}`;
  if (exception.transfer !== undefined) return `transfer|${exception.transfer}`;
  if (exception.order !== undefined) return `order|${exception.order}|${exception.sku ?? ''}`;
  if (exception.sku !== undefined) return `sku|${exception.store}|${exception.sku}`;
  if (exception.feed !== undefined) return `feed|${exception.store}|${exception.feed}`;
  return `kind|${exception.store}|${exception.kind}`;
}
