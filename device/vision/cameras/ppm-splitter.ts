/**
 * Splits a stream of binary PPM pictures (`P6 width height 255` and the bytes), which ffmpeg writes without compressing
 * anything. Only the newest whole picture is kept.
 * Format: https://netpbm.sourceforge.net/doc/ppm.html
 */
import type { Frame } from '../detector/frame.ts';

export class PpmError extends Error {
  readonly code = 'E_PPM';
}

const MAX_SIDE = 8192;
const HEADER_MAX = 64;
const HEADER = /^P6\s+(\d{1,5})\s+(\d{1,5})\s+255\s/;

export class PpmSplitter {
  #header = Buffer.alloc(0);
  #frame:
    | { readonly width: number; readonly height: number; readonly data: Uint8Array; filled: number }
    | undefined;

  /** Pictures that are complete with this chunk. @throws PpmError when the bytes are no PPM */
  push(chunk: Buffer): readonly Frame[] {
    const done: Frame[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.#frame === undefined) {
        at = this.#readHeader(chunk, at);
        continue;
      }
      const frame = this.#frame;
      const part = chunk.subarray(at, at + frame.data.length - frame.filled);
      frame.data.set(part, frame.filled);
      frame.filled += part.length;
      at += part.length;
      if (frame.filled < frame.data.length) continue;
      done.push({ width: frame.width, height: frame.height, data: frame.data });
      this.#frame = undefined;
    }
    return done;
  }

  #readHeader(chunk: Buffer, at: number): number {
    const before = this.#header.length;
    const bytes = Buffer.concat([this.#header, chunk.subarray(at, at + HEADER_MAX)]);
    const match = HEADER.exec(bytes.toString('latin1', 0, HEADER_MAX));
    if (match === null) {
      if (bytes.length >= HEADER_MAX) throw new PpmError('the stream is no sequence of PPM pictures');
      this.#header = bytes;
      return chunk.length;
    }
    const width = Number(match[1]);
    const height = Number(match[2]);
    if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE)
      throw new PpmError(`a frame of ${width} x ${height} pixels is beyond ${MAX_SIDE} on a side`);
    this.#header = Buffer.alloc(0);
    this.#frame = { width, height, data: new Uint8Array(width * height * 3), filled: 0 };
    return at + match[0].length - before;
  }
}
