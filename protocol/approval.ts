/** What a manager may approve; the same rule at the store and, judging again later, at the hub. */
import type { PolicyBundle } from './policy.ts';
import type { Transfer } from './transfer.ts';

const MS_PER_HOUR = 3_600_000;

/**
 * What an approval puts at risk, in minor units: the larger of the expected gain and of the cost of moving plus the
 * donor's expected loss, in proportion to the units approved.
 */
export function amountAtRiskMinor(
  transfer: Pick<Transfer, 'qty' | 'value' | 'cost' | 'donorLoss'>,
  qty: number,
): number {
  const whole = Math.max(transfer.value.minor, transfer.cost.minor + transfer.donorLoss.minor, 0);
  return Math.ceil((whole * qty) / transfer.qty);
}

/** @param outageMs how long the store has had no route to the hub; undefined while it has one */
export function managerLimitMinor(bundle: PolicyBundle, outageMs: number | undefined): number {
  const { managerMaxMinor, outageMaxMinor, outageHalvingHours } = bundle.approvals;
  if (outageMs === undefined) return managerMaxMinor;
  const halvings = Math.max(0, outageMs) / MS_PER_HOUR / outageHalvingHours;
  return Math.min(managerMaxMinor, Math.floor(outageMaxMinor * 0.5 ** halvings));
}
