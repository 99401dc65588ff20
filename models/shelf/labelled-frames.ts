/** Rendered shelves and their boxes, as make_data.py wrote them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { boxClasses, type BoxClass, type Frame, type Rect } from '../../device/vision/detector/frame.ts';
import { decodeImage } from '../../device/vision/detector/decode-image.ts';

export interface TrueBox extends Rect {
  readonly class: BoxClass;
  /** Mostly hidden, cut or pushed back: neither a hit nor a miss. */
  readonly isUnsure: boolean;
}

export interface LabelledFrame {
  readonly name: string;
  readonly frame: Frame;
  readonly truth: readonly TrueBox[];
}

export async function* labelledFrames(
  folder: string,
  from: number,
  count: number,
): AsyncGenerator<LabelledFrame> {
  const names = readdirSync(folder)
    .filter((file) => /^\d+\.npy$/.test(file))
    .map((file) => file.slice(0, -4))
    .toSorted()
    .slice(from, from + count);
  for (const name of names) {
    const decoded = await decodeImage(join(folder, `${name}.jpg`), name);
    if (!decoded.ok) throw new Error(decoded.problem);
    yield { name, frame: decoded.frame, truth: readBoxes(readFileSync(join(folder, `${name}.npy`))) };
  }
}

/** NumPy's format 1.0, little-endian float32, n x 6: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
function readBoxes(bytes: Buffer): readonly TrueBox[] {
  const start = 10 + bytes.readUInt16LE(8);
  const boxes: TrueBox[] = [];
  for (let at = start; at + 24 <= bytes.length; at += 24) {
    const value = (i: number): number => bytes.readFloatLE(at + 4 * i);
    boxes.push({
      class: boxClasses[value(0)] ?? 'facing',
      isUnsure: value(1) === 1,
      x0: value(2),
      y0: value(3),
      x1: value(4),
      y1: value(5),
    });
  }
  return boxes;
}
