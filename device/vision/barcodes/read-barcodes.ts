/** Barcodes on products and shelf tags in a frame, with ZXing-C++ as WebAssembly (zxing-wasm). */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { prepareZXingModule, readBarcodes as readWithZxing } from 'zxing-wasm/reader';
import type { Frame, Rect } from '../detector/frame.ts';

export interface FrameCode {
  /** 14 digits. */
  readonly gtin: string;
  readonly at: Rect;
}

/** A shelf has some 20 to 60 tags; a picture that claims more is no shelf. */
const MAX_CODES = 255;

let isPrepared = false;

/** The library would fetch its WebAssembly from a server; a store has none, so the file of the package is given. */
function prepare(): void {
  if (isPrepared) return;
  const wasm = readFileSync(fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm')));
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });
  isPrepared = true;
}

/** EAN-13, EAN-8, UPC-A and UPC-E with a right check digit, wherever they stand. */
export async function readBarcodes(frame: Frame): Promise<readonly FrameCode[]> {
  prepare();
  const found = await readWithZxing(
    { data: withAlpha(frame), width: frame.width, height: frame.height, colorSpace: 'srgb' } as ImageData,
    { formats: ['EAN-13', 'EAN-8', 'UPC-A', 'UPC-E'], tryHarder: true, maxNumberOfSymbols: MAX_CODES },
  );
  return found.flatMap(({ isValid, text, position }) => {
    if (!isValid || !/^[0-9]{8,14}$/.test(text)) return [];
    const corners = [position.topLeft, position.topRight, position.bottomRight, position.bottomLeft];
    const xs = corners.map((p) => p.x);
    const ys = corners.map((p) => p.y);
    return [
      {
        gtin: text.padStart(14, '0'),
        at: { x0: Math.min(...xs), y0: Math.min(...ys), x1: Math.max(...xs), y1: Math.max(...ys) },
      },
    ];
  });
}

/** The reader takes what a browser's canvas gives: four bytes a pixel. */
function withAlpha({ width, height, data }: Frame): Uint8ClampedArray {
  const out = new Uint8ClampedArray(width * height * 4);
  for (let i = 0, j = 0; i < out.length; i += 4, j += 3) {
    out[i] = data[j] as number;
    out[i + 1] = data[j + 1] as number;
    out[i + 2] = data[j + 2] as number;
    out[i + 3] = 255;
  }
  return out;
}
