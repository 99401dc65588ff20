/**
 * Boxes that the device finds in rendered shelves, for evaluate.py:
 *
 *   node models/shelf/detect.ts /tmp/shelf-data/test models/shelf/shelf-int8.onnx > found.ndjson
 */
import { lookAtFrame } from '../../device/vision/detector/look-at-frame.ts';
import { boxClasses } from '../../device/vision/detector/frame.ts';
import { openShelfModel } from '../../device/vision/detector/shelf-model.ts';
import { labelledFrames } from './labelled-frames.ts';

const [folder, modelPath, from = '0', count = '300'] = process.argv.slice(2);
if (folder === undefined || modelPath === undefined)
  throw new Error('usage: detect.ts <folder of make_data.py> <model.onnx> [from] [count]');
const model = await openShelfModel(modelPath);
for await (const { name, frame } of labelledFrames(folder, Number(from), Number(count))) {
  const boxes = (await lookAtFrame(model, frame)).map((box) => [
    boxClasses.indexOf(box.class),
    ...[box.score, box.x0, box.y0, box.x1, box.y1].map((value) => Math.round(value * 1000) / 1000),
  ]);
  process.stdout.write(`${JSON.stringify({ name, boxes })}\n`);
}
await model.close();
