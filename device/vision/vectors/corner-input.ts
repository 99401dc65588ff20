/** The upper left corner of a frame as the network's input, without any resizing: what agreement tests feed everywhere. */
import type { Frame } from '../detector/frame.ts';

/** Pixels on each side. */
export const CORNER = 320;

export function cornerInput(frame: Frame): Float32Array {
  const input = new Float32Array(3 * CORNER * CORNER);
  for (let y = 0; y < CORNER; y++)
    for (let x = 0; x < CORNER; x++)
      for (let c = 0; c < 3; c++)
        input[(c * CORNER + y) * CORNER + x] = (frame.data[(y * frame.width + x) * 3 + c] as number) / 255;
  return input;
}
