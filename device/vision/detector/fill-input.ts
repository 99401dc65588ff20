/** A view of a frame as the network's input: planes of red, green and blue, 0..1. */
import sharp from 'sharp';
import type { Frame } from './frame.ts';
import type { View } from './views.ts';

/** What lies outside the frame: mid grey, which the training pictures do not use as a product. */
const OUTSIDE = 0.5;
const AS_FLOAT = Float32Array.from({ length: 256 }, (_, value) => value / 255);

/** The view's pixels at its own scale, RGB; resized with sharp only where sizes differ. */
export async function viewPixels(frame: Frame, view: View): Promise<Frame> {
  const { x0, y0, x1, y1 } = view.part;
  const width = Math.max(1, Math.min(view.width, Math.round((x1 - x0) * view.scale)));
  const height = Math.max(1, Math.min(view.height, Math.round((y1 - y0) * view.scale)));
  if (width === frame.width && height === frame.height) return frame;
  const data = await sharp(frame.data, { raw: { width: frame.width, height: frame.height, channels: 3 } })
    .extract({ left: x0, top: y0, width: x1 - x0, height: y1 - y0 })
    .resize(width, height, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
  return { width, height, data };
}

/** Writes 3 x height x width floats; `input` has room for them. */
export function fillInput(pixels: Frame, view: View, input: Float32Array): void {
  const { width, height } = view;
  const plane = width * height;
  if (pixels.width !== width || pixels.height !== height) input.fill(OUTSIDE, 0, plane * 3);
  const { data } = pixels;
  for (let y = 0; y < pixels.height; y++) {
    let from = y * pixels.width * 3;
    let to = y * width;
    for (let x = 0; x < pixels.width; x++, to++, from += 3) {
      input[to] = AS_FLOAT[data[from] as number] as number;
      input[plane + to] = AS_FLOAT[data[from + 1] as number] as number;
      input[2 * plane + to] = AS_FLOAT[data[from + 2] as number] as number;
    }
  }
}
