/**
 * The commands of ESC/POS by their published lengths (Epson "ESC/POS Command Reference"; the older ones from
 * the TM-U/TM-T manuals). A command that only changes how ink is laid down has no event and no effect.
 */
import { barcodeText } from './barcode-data.ts';
import { escposCodeTables } from './code-tables.ts';
import { type Arguments, fixed, repeated, type Shape, sized, terminated, variant, word } from './shape.ts';

/** What a command does to the reading of text; `value` is its first argument where it has one. */
export interface Effect {
  readonly effect:
    | 'feed'
    | 'carriage-return'
    | 'column'
    | 'initialize'
    | 'code-table'
    | 'international'
    | 'multibyte-on'
    | 'multibyte-off'
    | 'multibyte-system'
    | 'utf8-on'
    | 'utf8-off';
  readonly value: number;
}

export interface Saying {
  readonly name: string;
  readonly data?: string;
}

export interface Command {
  readonly shape: Shape;
  readonly effect?: (args: Arguments) => Effect | undefined;
  /** Said to the outside as `{"type":"command","name":...}`. */
  readonly event?: (args: Arguments) => Saying | undefined;
}

/** One dialect: what may follow each prefix byte, and the control bytes that are commands by themselves. */
export interface CommandTable {
  readonly prefixes: ReadonlyMap<number, ReadonlyMap<number, Command>>;
  readonly single: ReadonlyMap<number, Command>;
  /** Encoding names (iconv-lite's, or `katakana`) by the number that selects them. */
  readonly codeTables: Readonly<Record<number, string>>;
}

type Row = readonly [opcode: string | number, shape: Shape, more?: Omit<Command, 'shape'>];

export const rows = (list: readonly Row[]): ReadonlyMap<number, Command> =>
  new Map(
    list.map(([opcode, shape, more]) => [
      typeof opcode === 'number' ? opcode : opcode.charCodeAt(0),
      { shape, ...more },
    ]),
  );

export const says = (name: string): Omit<Command, 'shape'> => ({ event: () => ({ name }) });
export const does = (effect: Effect['effect']): Omit<Command, 'shape'> => ({
  effect: (args) => ({ effect, value: args[0] ?? 0 }),
});

const none = fixed(0);
/** `pL pH` after a function letter: `(X pL pH ...`. */
const parenthesised = sized(3, (args) => word(args, 1));
/** `xL xH yL yH` from position `at`: bytes across times dots or bytes down. */
const area = (args: Arguments, at: number): number => word(args, at) * word(args, at + 2);

const symbols: Readonly<Record<number, string>> = {
  48: 'pdf417',
  49: 'qr',
  50: 'maxicode',
  51: 'databar',
  52: 'composite',
  53: 'aztec',
  54: 'datamatrix',
};
/** GS ( k: function 80 stores a symbol's contents (after cn fn m), function 81 prints it. */
function twoDimensional(args: Arguments): Saying | undefined {
  const [letter, , , kind, fn] = args;
  if (letter !== 0x6b) return picture(args);
  const name = symbols[kind ?? 0];
  if (!name) return undefined;
  if (fn === 80) return { name: `${name}-store`, data: String.fromCharCode(...args.slice(6)) };
  return fn === 81 ? { name: `${name}-print` } : undefined;
}
/** GS ( L functions 2 and 50 print the stored picture; 69 and 85 print a picture from memory. */
function picture(args: Arguments): Saying | undefined {
  const [letter, , , , fn] = args;
  const prints = letter === 0x4c && (fn === 2 || fn === 50 || fn === 69 || fn === 85);
  return prints ? { name: 'image' } : undefined;
}

/** GS k m: systems 0 to 6 end with NUL, systems 65 and up give their length. */
const barcode = variant(1, ([system = 0]) => {
  if (system <= 6) return terminated(0, 1);
  return system >= 65 && system <= 79 ? sized(2, (args) => args[1] ?? 0) : undefined;
});
const cut: Shape = variant(1, ([mode = 0]) => fixed(new Set([65, 66, 97, 98, 103, 104]).has(mode) ? 2 : 1));
const bitImage = sized(3, ([mode = 0, low = 0, high = 0]) => (low + 256 * high) * (mode >= 32 ? 3 : 1));

const esc = rows([
  ['@', none, does('initialize')],
  ['t', fixed(1), does('code-table')],
  ['R', fixed(1), does('international')],
  ['d', fixed(1), does('feed')],
  ['e', fixed(1), does('feed')],
  ['J', fixed(1), does('feed')],
  ['K', fixed(1), does('feed')],
  ['j', fixed(1), does('feed')],
  [0x0c, none, does('feed')],
  ['$', fixed(2), does('column')],
  ['\\', fixed(2), does('column')],
  ['p', fixed(3), says('drawer')],
  ['i', none, says('cut')],
  ['m', none, says('cut')],
  ['*', bitImage, says('image')],
  ['&', userCharacters()],
  ['D', terminated(0)],
  ['(', parenthesised],
  ['W', fixed(8)],
  ['c', fixed(2)],
  ['f', fixed(2)],
  ['C', fixed(1)],
  ['Q', fixed(1)],
  ['k', fixed(1)],
  ['u', fixed(1)],
  ['x', fixed(1)],
  ['s', fixed(1)],
  ['B', fixed(1)],
  ...[' ', '!', '%', '-', '3', '=', '?', 'A', 'E', 'F', 'G', 'H', 'M', 'N', 'I'].map(
    (op): Row => [op, fixed(1)],
  ),
  ...['T', 'U', 'V', 'a', 'l', 'r', '{', 'q'].map((op): Row => [op, fixed(1)]),
  ...['0', '1', '2', '<', 'L', 'O', 'S', 'v', 'y', 'z'].map((op): Row => [op, none]),
]);

/** ESC & y c1 c2 [x d1..d(y*x)] for each character from c1 to c2. */
function userCharacters(): Shape {
  return repeated(3, ([, first = 0, last = 0]) => Math.max(0, last - first + 1), {
    header: 1,
    body: (args, at) => (args[0] ?? 0) * (args[at] ?? 0),
  });
}

const gs = rows([
  ['V', cut, says('cut')],
  ['k', barcode, { event: (args) => ({ name: 'barcode', data: barcodeText(args) }) }],
  ['v', sized(6, (args) => area(args, 2)), says('image')],
  ['(', parenthesised, { event: twoDimensional }],
  ['8', sized(5, (args) => word(args, 1) + 65_536 * word(args, 3))],
  ['*', sized(2, ([x = 0, y = 0]) => x * y * 8)],
  ['/', fixed(1), says('image')],
  ['D', sized(10, bitmapFile)],
  ['Q', sized(6, (args) => area(args, 2)), says('image')],
  ['C', variant(1, ([kind]) => counterShape(kind))],
  ['g', variant(1, ([kind]) => fixed(kind === 0x30 || kind === 0x32 ? 4 : 2))],
  ['p', sized(7, (args) => word(args, 5)), says('qr')],
  ['z', fixed(3)],
  ['^', fixed(3)],
  ['$', fixed(2), does('column')],
  ['\\', fixed(2), does('column')],
  ...['L', 'W', 'P'].map((op): Row => [op, fixed(2)]),
  ...['!', '#', 'A', 'B', 'E', 'H', 'I', 'T', 'a', 'b', 'f', 'h', 'j', 'r', 'w'].map(
    (op): Row => [op, fixed(1)],
  ),
  ...[':', '<', 'c', 'd', 'e'].map((op): Row => [op, none]),
  [0x0c, none, does('feed')],
]);

/** GS D m fn a kc1 kc2 b c [Windows bitmap]: the file's own header gives its size after the letters "BM". */
function bitmapFile(args: Arguments): number {
  return args.length < 10 ? 0 : word(args, 8) > 14 ? word(args, 8) - 4 : 0;
}

/** GS C 0 n m, GS C 1 aL aH bL bH n r, GS C 2 nL nH, GS C ; five texts each ended by a semicolon. */
function counterShape(kind: number | undefined): Shape | undefined {
  if (kind === 0x30 || kind === 0) return fixed(3);
  if (kind === 0x31 || kind === 1) return fixed(7);
  if (kind === 0x32 || kind === 2) return fixed(3);
  if (kind !== 0x3b) return undefined;
  return (args) => {
    if (args.filter((byte) => byte === 0x3b).length > 5) return { step: 'done' };
    return args.length > 64 ? { step: 'broken' } : { step: 'keep', bytes: 1 };
  };
}

const fs = rows([
  ['&', none, does('multibyte-on')],
  ['.', none, does('multibyte-off')],
  ['C', fixed(1), does('multibyte-system')],
  ['(', parenthesised, { effect: utf8Switch }],
  ['p', fixed(2), says('image')],
  ['q', repeated(1, ([count = 0]) => count, { header: 4, body: (args, at) => area(args, at) * 8 })],
  ['g', variant(1, ([kind]) => (kind === 0x31 ? sized(8, (args) => word(args, 6)) : fixed(8)))],
  ['2', fixed(2 + 72)],
  ['?', fixed(2)],
  ['S', fixed(2)],
  ...['!', '-', 'W'].map((op): Row => [op, fixed(1)]),
]);

/** FS ( C pL pH 48 m: m 1 is one byte a character, m 2 is UTF-8. */
function utf8Switch(args: Arguments): Effect | undefined {
  const [letter, , , fn, mode = 0] = args;
  if (letter !== 0x43 || fn !== 48) return undefined;
  return { effect: mode === 2 || mode === 50 ? 'utf8-on' : 'utf8-off', value: mode };
}

/** Seiko's own: DC2 q n, DC2 ; n. */
const dc2 = rows([
  ['q', fixed(1)],
  [';', fixed(1)],
]);

const dle = rows([
  [0x04, variant(1, ([kind = 0]) => fixed(kind === 7 || kind === 8 || kind === 18 ? 2 : 1))],
  [0x05, fixed(1)],
  [
    0x14,
    variant(1, ([fn = 0]) => fixed(({ 1: 3, 2: 3, 3: 6, 7: 2, 8: 8 } as Record<number, number>)[fn] ?? 1)),
  ],
]);

export const escposTable: CommandTable = {
  prefixes: new Map([
    [0x1b, esc],
    [0x1d, gs],
    [0x1c, fs],
    [0x10, dle],
    [0x12, dc2],
  ]),
  single: rows([
    // Printers ignore NUL; drivers pad with it.
    [0x00, none],
    [0x0a, none, does('feed')],
    [0x0d, none, does('carriage-return')],
    [0x0c, none, does('feed')],
    [0x09, none, does('column')],
    [0x18, none],
  ]),
  codeTables: escposCodeTables,
};
