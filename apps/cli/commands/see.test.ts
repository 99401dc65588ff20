import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { seeCommand } from './see.ts';

const shelves = fileURLToPath(new URL('../../../device/vision/vectors/shelves/', import.meta.url));
const shelf = join(shelves, readdirSync(shelves).find((file) => file.endsWith('.jpg')) ?? '');
const folder = mkdtempSync(join(tmpdir(), 'see-'));
const file = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

interface Printed {
  readonly image: { readonly width: number; readonly height: number };
  readonly boxes: readonly {
    readonly class: string;
    readonly score: number;
    readonly xyxy: readonly number[];
  }[];
  readonly rows: readonly object[];
  readonly gaps: readonly object[];
  readonly counts: { readonly facings: number };
  readonly planogram?: { readonly products: readonly object[] };
}

async function see(...args: readonly string[]): Promise<Printed> {
  const out: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  await seeCommand().parseAsync(['node', 'see', ...args]);
  vi.restoreAllMocks();
  return JSON.parse(out.join('')) as Printed;
}

describe('truecount see', () => {
  afterEach(() => vi.restoreAllMocks());

  it('prints what is on the shelf and draws it', async () => {
    const drawn = join(folder, 'seen.png');
    const planogram = file('bay.json', '{"id":"bay","rows":[{"products":[{"sku":"oat","facings":2}]}]}');
    const printed = await see(shelf, '--draw', drawn, '--planogram', planogram, '--no-barcodes');
    expect(printed.image).toMatchObject({ width: 640, height: 640 });
    expect(printed.boxes.length).toBeGreaterThan(5);
    for (const { score, xyxy } of printed.boxes) {
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
      expect(Math.min(...xyxy)).toBeGreaterThanOrEqual(-1);
      expect(Math.max(...xyxy)).toBeLessThanOrEqual(641);
    }
    expect(printed.boxes.filter((box) => box.class === 'facing')).toHaveLength(printed.counts.facings);
    expect(printed.rows.length).toBeGreaterThan(0);
    expect(printed.planogram?.products).toHaveLength(1);
    // Width and height stand at byte 16 of a PNG (RFC 2083, 11.2.2).
    const png = readFileSync(drawn);
    expect([png.toString('latin1', 1, 4), png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([
      'PNG',
      640,
      640,
    ]);
  });

  it('prints fainter boxes when asked, and counts the same', async () => {
    const usual = await see(shelf, '--no-barcodes');
    const all = await see(shelf, '--no-barcodes', '--threshold', '0');
    expect(usual.boxes.every((box) => box.score >= 0.5)).toBe(true);
    expect(all.boxes).toEqual(expect.arrayContaining([...usual.boxes]));
    expect(all.boxes.some((box) => box.score < 0.5)).toBe(true);
    expect([all.counts, all.rows]).toEqual([usual.counts, usual.rows]);
  });

  it.each([
    ['E_NO_FILE', () => [join(folder, 'none.jpg')]],
    ['E_NOT_AN_IMAGE', () => [file('text.jpg', 'no picture')]],
    ['E_PLANOGRAM', () => [shelf, '--planogram', file('bad.json', '{"id":1}')]],
    ['E_DRAW', () => [shelf, '--draw', 'seen.gif']],
    ['E_VISION_MODEL', () => [shelf, '--model', join(folder, 'none.onnx')]],
  ])('says what is wrong with a code (%s)', async (code, args) => {
    await expect(see(...args())).rejects.toMatchObject({ code });
  });
});
