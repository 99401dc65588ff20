/** The shipped network on stored, rendered shelves that it was not trained on. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from './detector/decode-image.ts';
import { type Box, type Frame, overlapOf, type Rect } from './detector/frame.ts';
import { openShelfModel, type ShelfModel } from './detector/shelf-model.ts';
import { SHIPPED_MODEL, startVision, type Vision } from './detector/start-vision.ts';
import { suppress } from './detector/suppress.ts';
import { firstLook, tilesAt } from './detector/views.ts';
import { readShelf } from './shelf/read-shelf.ts';
import { cornerInput, CORNER } from './vectors/corner-input.ts';

const folder = fileURLToPath(new URL('./vectors/shelves/', import.meta.url));
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.jpg'))
  .map((file) => file.replace('.jpg', ''));
const FP32 = SHIPPED_MODEL.replace('int8', 'fp32');

interface TrueBox extends Rect {
  readonly class: string;
  readonly isUnsure: boolean;
}
const truthOf = (name: string): readonly TrueBox[] =>
  JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as TrueBox[];

async function frameOf(name: string): Promise<Frame> {
  const decoded = await decodeImage(join(folder, `${name}.jpg`), name);
  if (!decoded.ok) throw new Error(decoded.problem);
  return decoded.frame;
}

let int8: ShelfModel;
let fp32: ShelfModel;
let vision: Vision;
beforeAll(async () => {
  [int8, fp32, vision] = await Promise.all([
    openShelfModel(SHIPPED_MODEL),
    openShelfModel(FP32),
    startVision(),
  ]);
});
afterAll(async () => {
  await Promise.all([int8.close(), fp32.close(), vision.close()]);
});

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

describe('the shipped network', () => {
  it('is at most 1.5 MB', () => {
    expect(readFileSync(SHIPPED_MODEL).length).toBeLessThanOrEqual(1_500_000);
  });

  it('computes in fp32 what was stored when it was exported', async () => {
    const [name = ''] = names.filter((n) => readdirSync(folder).includes(`${n}.raw.bin`));
    const bytes = readFileSync(join(folder, `${name}.raw.bin`));
    const stored = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    const raw = await fp32.run(cornerInput(await frameOf(name)), CORNER, CORNER);
    const worst = raw.reduce((most, value, i) => Math.max(most, Math.abs(value - (stored[i] as number))), 0);
    expect(worst).toBeLessThan(2e-3);
  });

  it.each(names)('says in int8 what it says in fp32 (%s)', async (name) => {
    const input = cornerInput(await frameOf(name));
    const exact = (await fp32.run(input, CORNER, CORNER)).slice();
    const small = await int8.run(input, CORNER, CORNER);
    const cells = 3 * (CORNER / 4) ** 2;
    let sum = 0;
    for (let i = 0; i < cells; i++)
      sum += Math.abs(sigmoid(exact[i] as number) - sigmoid(small[i] as number));
    expect(sum / cells).toBeLessThan(0.01);
  });

  it('finds in int8 nearly every box that it finds in fp32', async () => {
    let found = 0;
    let wanted = 0;
    for (const name of names) {
      const frame = await frameOf(name);
      const view = firstLook(frame.width, frame.height);
      const strong = suppress(await fp32.look(frame, view)).filter((box) => box.score >= 0.5);
      const other = await int8.look(frame, view);
      wanted += strong.length;
      found += strong.filter((box) =>
        other.some((o) => o.class === box.class && overlapOf(o, box) >= 0.6),
      ).length;
    }
    expect(wanted).toBeGreaterThan(30);
    expect(found / wanted).toBeGreaterThan(0.93);
  });

  it('sees nearly all facings on shelves and products it was not trained on', async () => {
    let hits = 0;
    let all = 0;
    for (const name of names) {
      const seen = await vision.see(await frameOf(name));
      if (!seen.ok) throw new Error(seen.problem);
      const { facings } = readShelf(seen.boxes);
      const sure = truthOf(name).filter((t) => t.class === 'facing' && !t.isUnsure);
      all += sure.length;
      hits += sure.filter((t) => facings.some((f) => overlapOf(f, t) >= 0.5)).length;
    }
    expect(hits / all).toBeGreaterThan(0.8);
  });

  it('sees the same in tiles as in one piece', async () => {
    const frame = await frameOf(names[0] ?? '');
    const whole = suppress(await int8.look(frame, firstLook(frame.width, frame.height)));
    const tiles = tilesAt(frame.width, frame.height, 3);
    expect(tiles.length).toBeGreaterThan(1);
    for (const { part } of tiles) {
      expect(part.x0).toBeGreaterThanOrEqual(0);
      expect(part.x1).toBeLessThanOrEqual(frame.width);
    }
    const covered = (box: Box): boolean =>
      tiles.some(
        ({ part }) => part.x0 <= box.x0 && part.y0 <= box.y0 && part.x1 >= box.x1 && part.y1 >= box.y1,
      );
    const small = whole.filter((box) => box.x1 - box.x0 < 60 && box.y1 - box.y0 < 60);
    expect(small.every(covered)).toBe(true);
  });
});

describe('the vision thread', () => {
  it('refuses frames beyond its queue instead of gathering them', async () => {
    const frame = await frameOf(names[0] ?? '');
    const answers = await Promise.all(Array.from({ length: 12 }, () => vision.see(frame)));
    const busy = answers.filter((seen) => !seen.ok && seen.code === 'E_VISION_BUSY');
    expect(busy.length).toBeGreaterThan(0);
    expect(answers.filter((seen) => seen.ok).length).toBe(12 - busy.length);
  });

  it('says what is wrong with its model file', async () => {
    await expect(startVision({ modelPath: '/no/such.onnx' })).rejects.toMatchObject({
      code: 'E_VISION_MODEL',
      message: expect.stringMatching(/no readable vision model at \/no\/such.onnx/) as string,
    });
    const file = join(mkdtempSync(join(tmpdir(), 'model-')), 'bad.onnx');
    writeFileSync(file, 'this is no network');
    await expect(startVision({ modelPath: file })).rejects.toMatchObject({ code: 'E_VISION_MODEL' });
  });
});

describe('a picture that is none', () => {
  it.each([
    ['text', Buffer.from('hello'), 'E_NOT_AN_IMAGE'],
    ['half a JPEG', readFileSync(join(folder, `${names[0] ?? ''}.jpg`)).subarray(0, 9000), 'E_NOT_AN_IMAGE'],
  ])('is refused in words (%s)', async (_what, bytes, code) => {
    const decoded = await decodeImage(bytes, 'shelf.jpg');
    expect(decoded).toMatchObject({
      ok: false,
      code,
      problem: expect.stringContaining('shelf.jpg') as string,
    });
  });
});
