/**
 * Breakers: when automation runs hot or runs in circles, its scope falls back to recommending. Pure.
 *
 * Caps count what the policy did by itself: per SKU-store and day, per store and hour, and in money per store and day.
 * Oscillation is goods that travel A to B and back, or a record that is set to and fro: each step looks right by
 * itself, and together they are a spiral.
 */
import type { PolicyBundle } from '@truecount/protocol';

export interface AutomaticAct {
  readonly atMs: number;
  readonly option: string;
  readonly store: string;
  readonly sku: string | null;
  /** Expected money that the act was done for. */
  readonly minor: number;
}

export interface Movement {
  readonly atMs: number;
  readonly from: string;
  readonly to: string;
  readonly sku: string;
}

export type BreakerLimits = NonNullable<PolicyBundle['breakers']>;

/** For bundles that name none. */
export const DEFAULT_LIMITS: BreakerLimits = {
  perSkuStorePerDay: 12,
  perStorePerHour: 120,
  moneyPerStorePerDayMinor: 100_000,
  oscillationDays: 7,
};

export interface Breaker {
  /** `circle`: the same goods to and fro. */
  readonly kind: 'cap' | 'circle';
  readonly reason: string;
}

export interface BreakerScope {
  readonly store: string;
  readonly sku: string | null;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** @returns why automation is off for this scope now, in plain words; undefined when it is on */
export function trippedBecause(
  scope: BreakerScope,
  history: { readonly acts: readonly AutomaticAct[]; readonly movements: readonly Movement[] },
  rules: { readonly limits: BreakerLimits; readonly nowMs: number },
): Breaker | undefined {
  const { limits, nowMs } = rules;
  const cap = (reason: string): Breaker => ({ kind: 'cap', reason });
  const here = history.acts.filter(({ store }) => store === scope.store);
  const today = here.filter(({ atMs }) => nowMs - atMs < DAY_MS);
  const ofSku = today.filter(({ sku }) => sku !== null && sku === scope.sku);
  if (ofSku.length >= limits.perSkuStorePerDay)
    return cap(`${ofSku.length} automatic acts on this product within a day`);
  const lastHour = here.filter(({ atMs }) => nowMs - atMs < HOUR_MS);
  if (lastHour.length >= limits.perStorePerHour)
    return cap(`${lastHour.length} automatic acts at this store within an hour`);
  const money = today.reduce((sum, { minor }) => sum + Math.max(0, minor), 0);
  if (money >= limits.moneyPerStorePerDayMinor)
    return cap('the daily amount for automatic acts at this store is used up');
  return circle(scope, history.movements, rules);
}

function circle(
  scope: BreakerScope,
  movements: readonly Movement[],
  { limits, nowMs }: { readonly limits: BreakerLimits; readonly nowMs: number },
): Breaker | undefined {
  const recent = movements.filter(
    ({ sku, from, to, atMs }) =>
      sku === scope.sku &&
      (from === scope.store || to === scope.store) &&
      nowMs - atMs < limits.oscillationDays * DAY_MS,
  );
  const back = recent.find((there) =>
    recent.some((here) => here.from === there.to && here.to === there.from && here.atMs > there.atMs),
  );
  return back && { kind: 'circle', reason: `units went from ${back.from} to ${back.to} and back` };
}
