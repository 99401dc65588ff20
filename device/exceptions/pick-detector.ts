/** A pick that found fewer units than an order wanted; ended by a full pick or by the order itself. */
import { evidence, type PickObservation } from '@truecount/protocol';
import type { Static } from 'typebox';
import type { Finding } from './finding.ts';

type Pick = Static<typeof PickObservation>;

export function pickFinding(
  pick: Pick,
  product: { readonly name?: string; readonly priceMinor: number; readonly record: number | null },
): Finding {
  const missing = Math.max(0, pick.requested - pick.found);
  return {
    kind: 'pick-failed',
    subject: {
      sku: pick.sku,
      ...(product.name === undefined ? {} : { name: product.name }),
      ...(pick.order === undefined ? {} : { order: pick.order }),
    },
    level: missing > 0 ? 'raise' : 'clear',
    confidence: missing > 0 ? 1 : 0,
    exposureMinor: Math.round(missing * product.priceMinor),
    evidence: () => [
      evidence('pick-short', { requested: pick.requested, found: pick.found }, pick.t),
      evidence('record-says', { qty: product.record ?? 0 }, pick.t),
    ],
    outcome: () => evidence('picked', { requested: pick.requested, found: pick.found }, pick.t),
  };
}
