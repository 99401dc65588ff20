/** When an untouched manager session locks. Pure; times are inputs. */
export const IDLE_LOCK_MS = 90_000;
/** The last seconds are announced, so that a touch can keep the session. */
export const IDLE_WARNING_MS = 15_000;

export type Idle =
  | { readonly kind: 'active' }
  | { readonly kind: 'warning'; readonly secondsLeft: number }
  | { readonly kind: 'lock' };

export function idleAfter(untouchedMs: number): Idle {
  if (untouchedMs >= IDLE_LOCK_MS) return { kind: 'lock' };
  const leftMs = IDLE_LOCK_MS - untouchedMs;
  return leftMs <= IDLE_WARNING_MS
    ? { kind: 'warning', secondsLeft: Math.ceil(leftMs / 1000) }
    : { kind: 'active' };
}
