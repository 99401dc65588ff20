import { expect, test } from 'vitest';
import { isScanOf, namesGtin, readKey, type ScanStep, silence } from './scan-reader.ts';

/** Types the text with this pause between keys and ends with Enter. */
function type(text: string, pauseMs: number): ScanStep {
  let at = 1_000;
  let step: ScanStep = { kind: 'none', burst: silence };
  for (const key of Array.from(text).concat('Enter')) {
    at += pauseMs;
    step = readKey(step.burst, key, at);
  }
  return step;
}

test('a burst that ends with Enter is a scan', () => {
  expect(type('4012345678901', 8)).toMatchObject({ kind: 'scan', text: '4012345678901' });
});

test('a person who types a number and presses Enter is no scanner', () => {
  expect(type('4012345678901', 120).kind).toBe('none');
});

test('a burst shorter than any code is no scan', () => {
  expect(type('12345', 8).kind).toBe('none');
});

test('keys typed before the burst do not become part of the code', () => {
  const typed = readKey(silence, '7', 100);
  let step = typed;
  for (const [index, key] of Array.from('401234567').concat('Enter').entries())
    step = readKey(step.burst, key, 900 + index * 5);
  expect(step).toMatchObject({ kind: 'scan', text: '401234567' });
});

test('shift and other keys without a character do not break a burst', () => {
  const first = readKey(silence, ']', 0);
  const shift = readKey(first.burst, 'Shift', 4);
  expect(readKey(shift.burst, 'C', 8)).toMatchObject({ kind: 'more', isFirst: false, burst: { text: ']C' } });
});

test('a scan names a GTIN in any length, with an AIM prefix or as an element string', () => {
  const gtin = '04012345678901';
  for (const text of ['4012345678901', ']E04012345678901', ']C1010401234567890110LOT', '(01)04012345678901'])
    expect([text, namesGtin(text, gtin)]).toEqual([text, true]);
  expect(namesGtin('4012345678902', gtin)).toBe(false);
  expect(namesGtin('4012345678901', undefined)).toBe(false);
});

test('what the agent made of a scan counts before its text', () => {
  const oat = { sku: 'oat-drink-1l', gtin: '04012345678901' };
  expect(isScanOf({ text: 'anything', sku: 'oat-drink-1l' }, oat)).toBe(true);
  expect(isScanOf({ text: '4012345678901', sku: 'eggs-10' }, oat)).toBe(false);
  expect(isScanOf({ text: 'https://id.gs1.org/01/04012345678901', gtin: '04012345678901' }, oat)).toBe(true);
  expect(isScanOf({ text: '4012345678901' }, oat)).toBe(true);
});
