/** The lanes that a plan uses, each with what travels on it. Pure. */
import type { PlanView } from '@truecount/protocol';

export interface Lane {
  readonly from: string;
  readonly to: string;
  readonly fromName: string;
  readonly toName: string;
  readonly units: number;
  readonly products: number;
  readonly netMinor: number;
}

/** Most units first. */
export function lanesOf({ moves }: Pick<PlanView, 'moves'>): readonly Lane[] {
  const lanes = new Map<string, Lane>();
  for (const { from, to, fromName, toName, qty, value, cost, donorLoss } of moves) {
    const key = `${from}|${to}`;
    const known = lanes.get(key);
    lanes.set(key, {
      from,
      to,
      fromName,
      toName,
      units: (known?.units ?? 0) + qty,
      products: (known?.products ?? 0) + 1,
      netMinor: (known?.netMinor ?? 0) + value.minor - cost.minor - donorLoss.minor,
    });
  }
  return [...lanes.values()].sort((a, b) => b.units - a.units || a.fromName.localeCompare(b.fromName));
}
