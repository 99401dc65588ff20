/** ISO 8601 UTC text of the protocol's fixed form to milliseconds and back, without a Date on the hot path. */
const digit = (text: string, at: number): number => text.charCodeAt(at) - 48;
const two = (text: string, at: number): number => digit(text, at) * 10 + digit(text, at + 1);

let knownDay = '';
let knownDayMs = 0;

/** `YYYY-MM-DDTHH:MM:SS.mmmZ` to milliseconds since 1970; NaN when it names no instant. */
export function msOf(instant: string): number {
  if (instant.length !== 24) return Date.parse(instant);
  if (knownDay === '' || !instant.startsWith(knownDay)) {
    knownDay = instant.slice(0, 10);
    knownDayMs = Date.parse(`${knownDay}T00:00:00.000Z`);
  }
  const hours = two(instant, 11);
  const minutes = two(instant, 14);
  const seconds = two(instant, 17);
  if (!(hours < 24 && minutes < 60 && seconds < 60)) return Number.NaN;
  const millis = digit(instant, 20) * 100 + two(instant, 21);
  return knownDayMs + ((hours * 60 + minutes) * 60 + seconds) * 1000 + millis;
}

export const instantOf = (ms: number): string => new Date(ms).toISOString();
