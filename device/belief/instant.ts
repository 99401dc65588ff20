/** ISO 8601 UTC text of the protocol's fixed form to milliseconds and back, without a Date on the hot path. */
const digit = (text: string, at: number): number => text.charCodeAt(at) - 48;
const two = (text: string, at: number): number => digit(text, at) * 10 + digit(text, at + 1);

let knownDay = '';
let knownDayMs = 0;

/** `YYYY-MM-DDTHH:MM:SS.mmmZ` to milliseconds since 1970; NaN when it names no instant. */
export function msOf(instant: string): number {
  return instant.length === 24 ? msAt(instant, 0) : Date.parse(instant);
}

/** The same for the 24 characters from `at` on. */
export function msAt(text: string, at: number): number {
  if (knownDay === '' || !text.startsWith(knownDay, at)) {
    knownDay = text.slice(at, at + 10);
    knownDayMs = Date.parse(`${knownDay}T00:00:00.000Z`);
  }
  const hours = two(text, at + 11);
  const minutes = two(text, at + 14);
  const seconds = two(text, at + 17);
  if (!(hours < 24 && minutes < 60 && seconds < 60)) return Number.NaN;
  const millis = digit(text, at + 20) * 100 + two(text, at + 21);
  return knownDayMs + ((hours * 60 + minutes) * 60 + seconds) * 1000 + millis;
}

export const instantOf = (ms: number): string => new Date(ms).toISOString();
