/**
 * Follows a server's clock from what it showed now and then: an agent's or a hub's may be a demo's that runs many
 * times as fast. Pure. Invariants: never backwards between two answers of a clock that goes forward; without a second
 * answer the pace is real time.
 */
export interface Reading {
  /** What the other clock showed, and when it did by ours; both in milliseconds. */
  readonly shown: number;
  readonly at: number;
}
export interface Pace {
  readonly last: Reading;
  readonly speed: number;
}

/** Closer readings say more about the answer's delay than about the pace. */
const SHORTEST_BASE_MS = 1_500;
/** Answers arrive late by some milliseconds; a clock this close to real time is real time. */
const TOLERANCE = 0.2;

export function paceAfter(before: Pace | undefined, reading: Reading): Pace {
  if (before === undefined) return { last: reading, speed: 1 };
  const passed = reading.at - before.last.at;
  if (passed < SHORTEST_BASE_MS) return before;
  const speed = (reading.shown - before.last.shown) / passed;
  const isReal = Math.abs(speed - 1) < TOLERANCE;
  return { last: reading, speed: isReal ? 1 : Math.max(0, speed) };
}

export const timeAt = ({ last, speed }: Pace, at: number): number =>
  last.shown + Math.max(0, at - last.at) * speed;
