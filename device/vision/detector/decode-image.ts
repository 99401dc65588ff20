/** Files and buffers of any usual picture format to RGB frames, with sharp. */
import sharp from 'sharp';
import type { Frame } from './frame.ts';

/** A phone's 200 megapixels fit; a file that claims more is an attack or a mistake. */
const MAX_PIXELS = 220_000_000;
const MIN_SIDE = 32;

export type Decoded =
  | { readonly ok: true; readonly frame: Frame }
  | { readonly ok: false; readonly code: 'E_NOT_AN_IMAGE' | 'E_IMAGE_SIZE'; readonly problem: string };

/** `name` is what error messages call the picture. The frame stands upright as its EXIF orientation says. */
export async function decodeImage(input: Buffer | string, name: string): Promise<Decoded> {
  try {
    const { data, info } = await sharp(input, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
      .rotate()
      .flatten({ background: '#808080' })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    if (Math.min(width, height) < MIN_SIDE)
      return {
        ok: false,
        code: 'E_IMAGE_SIZE',
        problem: `${name} is ${width} x ${height} pixels; at least ${MIN_SIDE} on each side are needed`,
      };
    return { ok: true, frame: { width, height, data: withThreeChannels(data, channels) } };
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    if (/pixel limit/i.test(why))
      return {
        ok: false,
        code: 'E_IMAGE_SIZE',
        problem: `${name} has more than ${MAX_PIXELS / 1e6} million pixels; make it smaller`,
      };
    return {
      ok: false,
      code: 'E_NOT_AN_IMAGE',
      problem: `${name} cannot be read as a picture (${why}); give a whole JPEG, PNG, WebP, AVIF or TIFF file`,
    };
  }
}

function withThreeChannels(data: Buffer, channels: number): Uint8Array {
  if (channels === 3) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const pixels = data.length / channels;
  const out = new Uint8Array(pixels * 3);
  for (let i = 0; i < pixels; i++)
    for (let c = 0; c < 3; c++) out[i * 3 + c] = data[i * channels + (channels < 3 ? 0 : c)] as number;
  return out;
}
