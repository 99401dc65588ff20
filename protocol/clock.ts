/** Time as an input: production reads the system clock, tests and demos read another one. */
import { type Static, Type } from 'typebox';
import { Instant } from './schema.ts';

export interface Clock {
  /** Milliseconds since 1970 UTC. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** A clock that shows `shows` at the real instant `at` and from then on runs `speed` times as fast. */
export const ScaledClock = Type.Object({
  at: Instant,
  shows: Instant,
  speed: Type.Number({ exclusiveMinimum: 0, maximum: 100_000 }),
});
export type ScaledClock = Static<typeof ScaledClock>;

export function scaledClock(setting: ScaledClock, real: Clock = systemClock): Clock {
  const at = Date.parse(setting.at);
  const shows = Date.parse(setting.shows);
  return { now: () => Math.round(shows + (real.now() - at) * setting.speed) };
}

/** ISO 8601 UTC with milliseconds, the one form of an instant in documents. */
export const instant = (ms: number): string => new Date(ms).toISOString();
