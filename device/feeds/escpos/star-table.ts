/**
 * The commands of Star's line mode ("STAR Line Mode Command Specifications"), for stores whose printers do not
 * speak ESC/POS. The same reader runs on it; the two tables disagree on lengths, so a feed says which it has.
 */
import { starCodeTables } from './code-tables.ts';
import { type CommandTable, does, type Effect, rows, type Saying, says } from './command-table.ts';
import { type Arguments, fixed, type Shape, sized, terminated, variant, word } from './shape.ts';

const RS = 0x1e;
const none = fixed(0);

const one = (args: Arguments, at = 0): string => String.fromCharCode(args[at] ?? 0);

/** ESC GS x: the letter decides. */
const groupLengths: Readonly<Record<string, Shape>> = {
  t: fixed(2),
  a: fixed(2),
  A: fixed(3),
  R: fixed(3),
  P: fixed(2),
  '\x03': fixed(4),
  '#': terminated(0x00, 1),
  ')': sized(4, (args) => word(args, 2)),
  '(': sized(4, (args) => word(args, 2)),
  S: sized(7, (args) => word(args, 2) * word(args, 4)),
  y: variant(2, (args) => qrShape(one(args, 1))),
  x: variant(2, (args) => qrShape(one(args, 1))),
};
const group: Shape = variant(1, (args) => groupLengths[one(args)]);

/** ESC GS y S n v, ESC GS y D 1 m nL nH data, ESC GS y P (and the same for PDF417 with x). */
function qrShape(letter: string): Shape | undefined {
  if (letter === 'S') return fixed(4);
  if (letter === 'D') return sized(6, (args) => word(args, 4));
  return letter === 'P' || letter === 'I' ? fixed(2) : undefined;
}

function groupEffect(args: Arguments): Effect | undefined {
  const letter = one(args);
  if (letter === 't') return { effect: 'code-table', value: args[1] ?? 0 };
  return letter === 'A' || letter === 'R' ? { effect: 'column', value: 0 } : undefined;
}

/** ESC $ 1 turns double-byte characters on, ESC $ 0 off. */
const doubleByte = (args: Arguments): Effect => ({
  effect: args[0] === 1 || args[0] === 0x31 ? 'multibyte-on' : 'multibyte-off',
  value: 1,
});

function groupEvent(args: Arguments): Saying | undefined {
  const letter = one(args);
  if (letter === 'S') return { name: 'image' };
  if (letter !== 'y' && letter !== 'x') return undefined;
  const name = letter === 'y' ? 'qr' : 'pdf417';
  if (one(args, 1) === 'D') return { name: `${name}-store`, data: String.fromCharCode(...args.slice(6)) };
  return one(args, 1) === 'P' ? { name: `${name}-print` } : undefined;
}

const esc = rows([
  ['@', none, does('initialize')],
  [0x1d, group, { event: groupEvent, effect: groupEffect }],
  [RS, fixed(2)],
  ['d', fixed(1), says('cut')],
  [
    'b',
    terminated(RS, 4),
    { event: (args) => ({ name: 'barcode', data: String.fromCharCode(...args.slice(4)) }) },
  ],
  ['a', fixed(1), does('feed')],
  ['J', fixed(1), does('feed')],
  ['I', fixed(1), does('feed')],
  ['R', fixed(1), does('international')],
  ['X', sized(2, (args) => word(args, 0) * 3), says('image')],
  ['k', sized(2, (args) => word(args, 0) * 24), says('image')],
  ['K', sized(2, (args) => word(args, 0)), says('image')],
  ['L', sized(2, (args) => word(args, 0)), says('image')],
  ['*', variant(1, (args) => (one(args) === 'r' ? variant(2, raster) : undefined)), says('image')],
  ['D', terminated(0)],
  [0x07, fixed(2)],
  ['i', fixed(2)],
  ['z', fixed(1)],
  ['s', fixed(2)],
  ['$', fixed(1), { effect: doubleByte }],
  ...[' ', '-', '_', 'l', 'Q', 'W', 'h', 'C', 'A', 'B', 'f', 'N', 'S'].map((op): readonly [string, Shape] => [
    op,
    fixed(1),
  ]),
  ...['0', '1', '2', '3', '4', '5', ':', 'E', 'F', 'G', 'H', 'M', 'P', 'p', 'q'].map(
    (op): readonly [string, Shape] => [op, none],
  ),
]);

/** ESC * r X: raster mode; all take text up to NUL or nothing, by letter. */
const raster = (args: Arguments): Shape | undefined =>
  new Set(['A', 'B', 'C', 'R']).has(one(args, 1)) ? fixed(2) : terminated(0, 2);

export const starTable: CommandTable = {
  prefixes: new Map([[0x1b, esc]]),
  single: rows([
    [0x00, none],
    [0x0a, none, does('feed')],
    [0x0d, none, does('carriage-return')],
    [0x04, none],
    [0x0c, none, does('feed')],
    [0x0b, none, does('feed')],
    [0x09, none, does('column')],
    [0x07, none, says('drawer')],
    [0x1c, none, says('drawer')],
    [0x0e, none],
    [0x0f, none],
    [0x12, none],
    [0x14, none],
    [0x18, none],
  ]),
  codeTables: starCodeTables,
};
