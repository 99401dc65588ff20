import { expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';

it('waits twice as long after each failure, up to half a minute', () => {
  expect([0, 1, 2, 6, 7, 1000].map(backoffMs)).toEqual([250, 500, 1000, 16_000, 30_000, 30_000]);
});
