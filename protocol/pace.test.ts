import { expect, test } from 'vitest';
import { paceAfter, timeAt } from './pace.ts';

test('with one reading the other clock goes on in real time', () => {
  const pace = paceAfter(undefined, { shown: 50_000, at: 1_000 });
  expect(timeAt(pace, 4_000)).toBe(53_000);
});

test('a clock that runs 240 times as fast is followed at its own pace', () => {
  const first = paceAfter(undefined, { shown: 0, at: 0 });
  const second = paceAfter(first, { shown: 240 * 5_000, at: 5_000 });
  expect(timeAt(second, 6_000)).toBe(240 * 6_000);
});

test('a late answer does not make a real clock look fast or slow', () => {
  const first = paceAfter(undefined, { shown: 0, at: 0 });
  const second = paceAfter(first, { shown: 4_700, at: 5_000 });
  expect(second.speed).toBe(1);
});

test('answers in quick succession do not change the pace', () => {
  const first = paceAfter(undefined, { shown: 0, at: 0 });
  expect(paceAfter(first, { shown: 400, at: 20 })).toBe(first);
});
