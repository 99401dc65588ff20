/** Photographs of EAN-13 codes by the ZXing project (github.com/zxing/zxing @7f12980), Apache-2.0; see vectors/barcodes. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../detector/decode-image.ts';
import { readBarcodes } from './read-barcodes.ts';

const folder = fileURLToPath(new URL('../vectors/barcodes/', import.meta.url));
const photographs = readdirSync(folder).filter((file) => file.endsWith('.png'));

describe('barcodes in a photograph', () => {
  it.each(photographs)('are read with their place (%s)', async (file) => {
    const decoded = await decodeImage(`${folder}${file}`, file);
    if (!decoded.ok) throw new Error(decoded.problem);
    const codes = await readBarcodes(decoded.frame);
    const digits = readFileSync(`${folder}${file.replace('.png', '.txt')}`, 'utf8').trim();
    expect(codes.map(({ gtin }) => gtin)).toEqual([digits.padStart(14, '0')]);
    const { x0, x1 } = codes[0]?.at ?? { x0: 0, x1: 0 };
    expect(x1 - x0).toBeGreaterThan(decoded.frame.width / 8);
  });

  it('are none where there are none', async () => {
    const frame = { width: 200, height: 100, data: new Uint8Array(200 * 100 * 3).fill(200) };
    expect(await readBarcodes(frame)).toEqual([]);
  });
});
