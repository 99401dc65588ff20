/**
 * A clock that jumps years ahead must not carry the whole store with it: observations far ahead of everything
 * else wait until several in a row agree on the new time.
 */
import { EventStore } from './event-store.ts';
import type { TakeEvent } from './observation-log.ts';
import { HOUR_MS } from './store-clock.ts';

const AHEAD_MS = 400 * 24 * HOUR_MS;
const AGREEING = 5;

export class WrongClock {
  readonly #waiting = new EventStore(16);

  /** True when the event was kept back. */
  holds(nowMs: number, t: number): boolean {
    return Number.isFinite(nowMs) && t > nowMs + AHEAD_MS;
  }

  /** Keeps one back; when enough agree, hands all of them out and returns the latest instant among them. */
  wait(
    event: readonly [t: number, sku: number, code: number, x: number, y: number],
    take: TakeEvent,
  ): number {
    const waiting = this.#waiting;
    waiting.push(...event);
    if (waiting.length < AGREEING) return Number.NEGATIVE_INFINITY;
    let latest = Number.NEGATIVE_INFINITY;
    const { t, sku, code, x, y, length } = waiting;
    for (let at = 0; at < length; at++) latest = Math.max(latest, t[at] as number);
    waiting.length = 0;
    for (let at = 0; at < length; at++)
      take(t[at] as number, sku[at] as number, code[at] as number, x[at] as number, y[at] as number);
    return latest;
  }
}
