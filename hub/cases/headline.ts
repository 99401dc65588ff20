/** What a case is about in one line, for lists, logs and the terminal. */
import type { Exception, ExceptionKind } from '@truecount/protocol';
import { percentText } from './figures.ts';

export const kindWords: Readonly<Record<ExceptionKind, string>> = {
  'phantom-stock': 'phantom stock',
  'hidden-stock': 'hidden stock',
  'negative-record': 'negative record',
  'shelf-gap': 'gap on the shelf',
  'stockout-ahead': 'about to run out',
  'pick-failed': 'order pick failed',
  'receipt-mismatch': 'delivery does not match',
  'return-unreconciled': 'return not reconciled',
  'reservation-mismatch': 'reservations do not match',
  'allocation-conflict': 'promised twice',
  'oversell-risk': 'more published than promisable',
  'late-inbound': 'inbound goods late',
  'order-at-risk': 'order at risk',
  'transfer-failed': 'transfer went wrong',
  'feed-silent': 'feed silent',
  'model-drift': 'model drifts',
};

export function headlineOf(exception: Exception, storeName: string): string {
  const about = exception.name ?? exception.sku ?? exception.feed ?? exception.order;
  const words = kindWords[exception.kind];
  const first = `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}`;
  return `${first}: ${about === undefined ? '' : `${about} at `}${storeName}, ${percentText(exception.confidence)} sure`;
}
