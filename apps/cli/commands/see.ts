/** `truecount see`: a picture of a shelf in, facings, rows and gaps out. */
import { readFile } from 'node:fs/promises';
import {
  boardAt,
  decodeImage,
  drawReading,
  type Frame,
  matchPlanogram,
  type Planogram,
  readBarcodes,
  readPlanogram,
  readShelf,
  type Rect,
  type ShelfReading,
  startVision,
} from '@truecount/device/vision';
import { Command, InvalidArgumentError } from 'commander';
import { CommandError } from './command-error.ts';

const example = `
Example:
  $ truecount see shelf.jpg --draw seen.png
  $ truecount see shelf.jpg --planogram bay4.json
  $ truecount see shelf.jpg --threshold 0    # everything that was found, to measure it (average precision)
  $ cat bay4.json
  {"id":"bay-4","rows":[
    {"products":[{"sku":"oat-1l","facings":3,"gtins":["5012345678900"]},{"sku":"soy-1l","facings":2}]},
    {"products":[{"sku":"rice-1kg","facings":4,"widthMm":95}]}]}
  Rows from the top, products from the left.

Prints one JSON object:
  image    file, width, height (pixels)
  boxes    class (facing, gap, label), score (probability that the box is right), xyxy (pixels),
           from the threshold on
  rows     from the top: xyxy, facings (columns on the board), stacked, gaps, board (left and right end)
  gaps     as in boxes, with the row's index and how many facings fit in
  counts   facings, gaps, labels that are more likely right than wrong, whatever the threshold; so are the rows'
  barcodes what could be read: gtin, xyxy
  planogram  with --planogram: per product planned, facings, gaps, unknown; certainty`;

interface SeeOptions {
  readonly planogram?: string;
  readonly draw?: string;
  readonly threshold: number;
  readonly model?: string;
  readonly barcodes: boolean;
}

export function seeCommand(): Command {
  return new Command('see')
    .description('facings, rows and gaps in a picture of a shelf, as one JSON object')
    .argument('<image>', 'a JPEG, PNG, WebP, AVIF or TIFF file')
    .option('--planogram <file>', 'what the shelf should hold (JSON); adds facings and gaps per SKU')
    .option('--draw <file>', 'where to write the picture with boxes (png, jpg or webp)')
    .option('--threshold <probability>', 'boxes from this probability on are printed', probability, 0.5)
    .option('--model <file>', 'another ONNX detector of the same input and output')
    .option('--no-barcodes', 'do not look for barcodes')
    .addHelpText('after', example)
    .action(async (image: string, options: SeeOptions) => {
      process.stdout.write(`${JSON.stringify(await see(image, options))}\n`);
    });
}

async function see(image: string, options: SeeOptions) {
  const planogram = options.planogram === undefined ? undefined : await planogramFrom(options.planogram);
  if (options.draw !== undefined && !/\.(png|jpe?g|webp)$/i.test(options.draw))
    throw new CommandError('E_DRAW', `--draw ${options.draw}: name a .png, .jpg or .webp file`);
  const frame = await frameFrom(image);
  const reading = await readingOf(frame, options.model);
  const codes = options.barcodes ? await readBarcodes(frame) : [];
  if (options.draw !== undefined) await draw(frame, reading, options.draw);
  return {
    image: { file: image, width: frame.width, height: frame.height },
    ...described(reading, options.threshold),
    barcodes: codes.map(({ gtin, at }) => ({ gtin, xyxy: pixels(at) })),
    ...(planogram === undefined
      ? {}
      : { planogram: matched(matchPlanogram(frame, reading, planogram, codes)) }),
  };
}

async function readingOf(frame: Frame, modelPath: string | undefined): Promise<ShelfReading> {
  const vision = await startVision(modelPath === undefined ? {} : { modelPath });
  try {
    const seen = await vision.see(frame);
    if (!seen.ok) throw new CommandError(seen.code, seen.problem);
    return readShelf(seen.boxes, frame);
  } finally {
    await vision.close();
  }
}

function described(reading: ShelfReading, threshold: number) {
  const gaps = [...reading.gaps, ...reading.doubtful]
    .filter((gap) => gap.confidence >= threshold)
    .map((gap) => ({
      class: 'gap' as const,
      score: rounded(gap.confidence),
      xyxy: pixels(gap),
      row: gap.row === undefined ? null : reading.rows.indexOf(gap.row),
      facings: rounded(gap.facings),
    }));
  const plain = [...reading.facings, ...reading.labels, ...reading.faint]
    .filter((box) => box.score >= threshold)
    .map((box) => ({ class: box.class, score: rounded(box.score), xyxy: pixels(box) }));
  return {
    boxes: [...plain, ...gaps.map(({ class: name, score, xyxy }) => ({ class: name, score, xyxy }))],
    rows: reading.rows.map((row) => ({
      xyxy: pixels(row.outline),
      facings: row.columns.length,
      stacked: row.stacked.length,
      gaps: reading.gaps.filter((gap) => gap.row === row).length,
      board: [
        [rounded(row.outline.x0), rounded(boardAt(row, row.outline.x0))],
        [rounded(row.outline.x1), rounded(boardAt(row, row.outline.x1))],
      ],
    })),
    gaps,
    counts: {
      facings: reading.facings.length,
      gaps: reading.gaps.length,
      labels: reading.labels.length,
    },
  };
}

function probability(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('a probability from 0 to 1, such as 0.5');
  return value;
}

const matched = ({ products, certainty, unplanned, placed }: ReturnType<typeof matchPlanogram>) => ({
  certainty: rounded(certainty),
  unplanned,
  products,
  placed: placed.map(({ box, kind, sku }) => ({ kind, sku: sku ?? null, xyxy: pixels(box) })),
});

async function planogramFrom(file: string): Promise<Planogram> {
  const read = readPlanogram(await textOf(file), file);
  if (!read.ok) throw new CommandError(read.code, `${read.problem}; see "truecount see --help" for its form`);
  return read.planogram;
}

async function frameFrom(file: string): Promise<Frame> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch {
    throw new CommandError('E_NO_FILE', `there is no readable picture at ${file}`);
  }
  const decoded = await decodeImage(bytes, file);
  if (!decoded.ok) throw new CommandError(decoded.code, decoded.problem);
  return decoded.frame;
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new CommandError('E_NO_FILE', `there is no readable planogram at ${file}`);
  }
}

async function draw(frame: Frame, reading: ShelfReading, path: string): Promise<void> {
  try {
    await drawReading(frame, reading, path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandError('E_DRAW', `the picture could not be written to ${path}: ${why}`);
  }
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
const pixels = ({ x0, y0, x1, y1 }: Rect): readonly number[] =>
  [x0, y0, x1, y1].map((v) => Math.round(v * 10) / 10);
