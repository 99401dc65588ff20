/**
 * Stores what the agreement tests compare with: three rendered frames with their boxes, and the fp32 network's raw output on
 * a corner of the first, as onnxruntime computes it here.
 *
 *   node models/shelf/store-vectors.ts /tmp/shelf-data/test
 */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openShelfModel } from '../../device/vision/detector/shelf-model.ts';
import { cornerInput, CORNER } from '../../device/vision/vectors/corner-input.ts';
import { labelledFrames } from './labelled-frames.ts';

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: store-vectors.ts <folder of make_data.py>');
const out = fileURLToPath(new URL('../../device/vision/vectors/shelves/', import.meta.url));
mkdirSync(out, { recursive: true });
const model = await openShelfModel(fileURLToPath(new URL('./shelf-fp32.onnx', import.meta.url)));
let isFirst = true;
for await (const { name, frame, truth } of labelledFrames(folder, Number(process.argv[3] ?? 0), 3)) {
  copyFileSync(join(folder, `${name}.jpg`), join(out, `${name}.jpg`));
  writeFileSync(join(out, `${name}.json`), `${JSON.stringify(truth.map(rounded))}\n`);
  if (isFirst) {
    const raw = await model.run(cornerInput(frame), CORNER, CORNER);
    writeFileSync(join(out, `${name}.raw.bin`), Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength));
  }
  isFirst = false;
}
await model.close();

function rounded(box: object): object {
  return Object.fromEntries(
    Object.entries(box).map(([key, value]: [string, unknown]) => [
      key,
      typeof value === 'number' ? Math.round(value) : value,
    ]),
  );
}
