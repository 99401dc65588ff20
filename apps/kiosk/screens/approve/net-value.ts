/** What a transfer is expected to leave over: its gain less the cost of moving and the donor's expected loss. */
import type { Money, Transfer } from '@truecount/protocol';

export type Terms = Pick<Transfer, 'value' | 'cost' | 'donorLoss'>;

export const netOf = ({ value, cost, donorLoss }: Terms): Money => ({
  minor: value.minor - cost.minor - donorLoss.minor,
  currency: value.currency,
});
