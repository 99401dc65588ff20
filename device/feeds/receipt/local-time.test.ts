import { expect, it } from 'vitest';
import { instantOf } from './local-time.ts';

it('knows the hours that clock changes repeat and skip', () => {
  const berlin = (hour: number, month: number, day: number) =>
    new Date(
      instantOf({ year: 2026, month, day, hour, minute: 30, second: 0 }, 'Europe/Berlin') ?? Number.NaN,
    ).toISOString();
  expect(berlin(2, 10, 25)).toBe('2026-10-25T00:30:00.000Z');
  expect(berlin(2, 3, 29)).toBe('2026-03-29T01:30:00.000Z');
  expect(berlin(1, 3, 29)).toBe('2026-03-29T00:30:00.000Z');
});
