import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeedEvent } from '../events.ts';
import { scaleDecoder } from './scale-decoder.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const weigh = (text: string): FeedEvent[] => {
  const decoder = scaleDecoder();
  return [...decoder.push(bytes(text)), ...decoder.end()];
};

describe('scale lines', () => {
  it.each([
    ['ST,GS,+ 0006.245kg\r\n', 6245, true],
    ['US,NT,+0006.245kg\r\n', 6245, false],
    ['ST,+00006.245 kg\r\n', 6245, true],
    ['ST,NT,-0000.010kg\r\n', -10, true],
    ['S S      6.245 kg\r\n', 6245, true],
    ['S D      6.245 kg\r\n', 6245, false],
    ['S S    850 g\r\n', 850, true],
    ['\n06.245KG\r\nS00\r\u0003', 6245, true],
    ['\n06.245KG\r\nS10\r\u0003', 6245, false],
    ['\n01.50LB\r\nS00\r\u0003', 680, true],
    ['\u000206245\r', 6245, true],
    ['0.125 kg\r\n', 125, false],
    ['6,245 kg\r\n', 6245, false],
  ])('%j is %i g, stable: %s', (text, grams, stable) => {
    expect(weigh(text)).toEqual([{ type: 'weight', grams, stable }]);
  });

  it.each([
    'S I\r\n',
    'S +\r\n',
    'OL,GS,+9999999kg\r\n',
    '\u0002?D\r',
    'hello\r\n',
    '1234567890\r\n',
    'S S 6.2.45 kg\r\n',
  ])('%j carries no weight and is refused', (text) => {
    expect(weigh(text)).toMatchObject([{ type: 'refused' }]);
  });

  it('reads bare digits in the unit and decimals the scale is set to', () => {
    const decoder = scaleDecoder({ unit: 'lb', decimals: 2 });
    expect(decoder.push(bytes('\u000201234\r'))).toEqual([{ type: 'weight', grams: 5597, stable: true }]);
  });

  it('gives the same events however the bytes are cut, and never throws', () => {
    const input = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .array(
          fc.constantFrom(
            'ST,GS,+ 0006.245kg\r\n',
            '\n06.245KG\r\nS00\r\u0003',
            'S D 1 g\r\n',
            '\u000206245\r',
            'x\r',
          ),
        )
        .map((lines) => bytes(lines.join(''))),
    );
    fc.assert(
      fc.property(input, fc.integer({ min: 1, max: 7 }), (all, size) => {
        const whole = scaleDecoder();
        const parts = scaleDecoder();
        const inParts: FeedEvent[] = [];
        for (let at = 0; at < all.length; at += size)
          inParts.push(...parts.push(all.subarray(at, at + size)));
        expect([...inParts, ...parts.end()]).toEqual([...whole.push(all), ...whole.end()]);
      }),
    );
  });
});
