/**
 * How long a command is. A shape looks at the argument bytes kept so far and says what comes next; the tables
 * in this folder are lists of names and shapes, so a command is added by adding a line.
 */
type Step =
  /** The command is complete. */
  | { readonly step: 'done' }
  /** Keep this many more bytes, then ask again. */
  | { readonly step: 'keep'; readonly bytes: number }
  /** Pass over this many bytes (picture data), then the command is complete. */
  | { readonly step: 'skip'; readonly bytes: number }
  /** Keep bytes up to this one (it is not kept), then the command is complete. */
  | { readonly step: 'until'; readonly byte: number }
  /** The arguments cannot belong to this command. */
  | { readonly step: 'broken' };

export type Arguments = readonly number[];
export type Shape = (args: Arguments) => Step;

const DONE: Step = { step: 'done' };
const BROKEN: Step = { step: 'broken' };
/** Kept in full up to here (barcode and QR contents); beyond it is picture data, which is passed over. */
const KEEP_BODY_UP_TO = 1024;
/** The largest picture a printer holds; a longer one is noise that happens to look like a command. */
const MAX_BODY = 4 * 1024 * 1024;

/** A little-endian number of two bytes, as ESC/POS writes lengths. */
export const word = (args: Arguments, at: number): number => (args[at] ?? 0) + 256 * (args[at + 1] ?? 0);

export const fixed =
  (bytes: number): Shape =>
  (args) =>
    args.length >= bytes ? DONE : { step: 'keep', bytes: bytes - args.length };

/** `header` bytes, which say how many more follow. */
export const sized =
  (header: number, body: (args: Arguments) => number): Shape =>
  (args) => {
    if (args.length < header) return { step: 'keep', bytes: header - args.length };
    const bytes = body(args);
    if (bytes < 0 || bytes > MAX_BODY || Number.isNaN(bytes)) return BROKEN;
    if (bytes > KEEP_BODY_UP_TO) return { step: 'skip', bytes };
    const missing = header + bytes - args.length;
    return missing > 0 ? { step: 'keep', bytes: missing } : DONE;
  };

/** After `header` bytes: everything up to a terminator. */
export const terminated =
  (byte: number, header = 0): Shape =>
  (args) =>
    args.length < header ? { step: 'keep', bytes: header - args.length } : { step: 'until', byte };

/** The first `header` bytes decide which shape the whole has. */
export const variant =
  (header: number, pick: (args: Arguments) => Shape | undefined): Shape =>
  (args) => {
    if (args.length < header) return { step: 'keep', bytes: header - args.length };
    return pick(args)?.(args) ?? BROKEN;
  };

/** `count` items after the header, each with its own header that gives its length. */
export const repeated =
  (
    header: number,
    count: (args: Arguments) => number,
    item: { readonly header: number; readonly body: (args: Arguments, at: number) => number },
  ): Shape =>
  (args) => {
    if (args.length < header) return { step: 'keep', bytes: header - args.length };
    let at = header;
    for (let left = count(args); left > 0; left--) {
      if (args.length < at + item.header) return { step: 'keep', bytes: at + item.header - args.length };
      at += item.header + item.body(args, at);
      if (at > MAX_BODY) return BROKEN;
      if (args.length < at) return { step: 'keep', bytes: at - args.length };
    }
    return DONE;
  };
