/**
 * Boxes that the device finds in rendered shelves, for evaluate.py:
 *
 *   node models/shelf/detect.ts /tmp/shelf-data/test models/shelf/shelf-int8.onnx > found.ndjson
 *   node models/shelf/detect.ts /tmp/shelf-data/test models/shelf/shelf-int8.onnx 0 300 weighed > found.ndjson
 *
 * `weighed`: gaps as they are reported, weighed together with the rows, instead of the network's own.
 */
import { boxClasses } from '../../device/vision/detector/frame.ts';
import { lookAtFrame } from '../../device/vision/detector/look-at-frame.ts';
import { openShelfModel } from '../../device/vision/detector/shelf-model.ts';
import { readShelf } from '../../device/vision/shelf/read-shelf.ts';
import { labelledFrames } from './labelled-frames.ts';

const [folder, modelPath, from = '0', count = '300', weighed] = process.argv.slice(2);
if (folder === undefined || modelPath === undefined)
  throw new Error('usage: detect.ts <folder of make_data.py> <model.onnx> [from] [count] [weighed]');
const model = await openShelfModel(modelPath);
for await (const { name, frame } of labelledFrames(folder, Number(from), Number(count))) {
  const found = await lookAtFrame(model, frame);
  const { gaps, doubtful } = readShelf(found, frame);
  const rest = found.filter((box) => box.class !== 'gap');
  const asBoxes = [...gaps, ...doubtful].map((gap) => ({
    ...gap,
    class: 'gap' as const,
    score: gap.confidence,
  }));
  const boxes = (weighed === undefined ? found : [...rest, ...asBoxes]).map((box) => [
    boxClasses.indexOf(box.class),
    ...[box.score, box.x0, box.y0, box.x1, box.y1].map((value) => Math.round(value * 1000) / 1000),
  ]);
  process.stdout.write(`${JSON.stringify({ name, boxes })}\n`);
}
await model.close();
