/**
 * Reads the plain form of an observation line without building an object: flat, no escapes, known types.
 * Whatever is in any way unusual is left to the schema's parser, which also finds the words for what is
 * wrong; so this reader may give up at any point, and must never accept what the schema refuses.
 */
import { msAt } from './instant.ts';
import { type CodedType, codeOf, UNKNOWN_QTY } from './observation-code.ts';

export interface ReadLine {
  t: number;
  type: CodedType;
  sku: string;
  x: number;
  y: number;
  id: string | undefined;
  feed: string | undefined;
  ticket: string | undefined;
  till: string | undefined;
  line: number;
}

const MAX_QTY = 100_000;
const MAX_TEXT = 64;
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const ZERO = 48;
const NINE = 57;
const ZULU = 90;
const CLOSE = 125;

/** Fields of the line being read; NaN where absent. */
const field = { qty: 0, facings: 0, capacity: 0, requested: 0, found: 0, sellable: 1 };

export const emptyLine = (): ReadLine => ({
  t: 0,
  type: 'open',
  sku: '',
  x: 0,
  y: 0,
  id: undefined,
  feed: undefined,
  ticket: undefined,
  till: undefined,
  line: Number.NaN,
});

/** True when the whole line was plain and valid; `into` then holds it. */
export function readPlainLine(text: string, into: ReadLine): boolean {
  if (text.charCodeAt(0) !== 123 || text.includes('\\')) return false;
  into.t = Number.NaN;
  into.sku = '';
  into.id = undefined;
  into.feed = undefined;
  into.ticket = undefined;
  into.till = undefined;
  into.line = Number.NaN;
  field.qty = Number.NaN;
  field.facings = Number.NaN;
  field.capacity = Number.NaN;
  field.requested = Number.NaN;
  field.found = Number.NaN;
  field.sellable = 1;
  let type: PlainType | undefined;
  let at = 1;
  const end = text.length;
  for (;;) {
    if (text.charCodeAt(at) !== QUOTE) return false;
    const key = keyAt(text, at + 1);
    if (key === undefined) return false;
    at += key.length + 2;
    if (text.charCodeAt(at++) !== COLON) return false;
    if (text.charCodeAt(at) === QUOTE) {
      const valueEnd = text.indexOf('"', at + 1);
      if (valueEnd < 0 || valueEnd - at > MAX_TEXT + 1) return false;
      if (key === 'type') {
        type = typeAt(text, at + 1, valueEnd);
        if (type === undefined) return false;
      } else if (key === 't') {
        if (valueEnd - at !== 25 || text.charCodeAt(valueEnd - 1) !== ZULU) return false;
        into.t = msAt(text, at + 1);
      } else if (!takeText(key, text.slice(at + 1, valueEnd), into)) return false;
      at = valueEnd + 1;
    } else {
      at = takeValue(key, text, { at, end }, into);
      if (at < 0) return false;
    }
    const next = text.charCodeAt(at++);
    if (next === COMMA) continue;
    return next === CLOSE && at === end && type !== undefined && complete(type, into);
  }
}

const KEYS = [
  't',
  'id',
  'by',
  'sku',
  'qty',
  'type',
  'till',
  'feed',
  'line',
  'order',
  'found',
  'ticket',
  'camera',
  'reason',
  'facings',
  'capacity',
  'sellable',
  'requested',
  'reference',
] as const;
type Key = (typeof KEYS)[number];

/** Words by what tells them apart soonest; each is still compared in full. */
const slotOf = (first: number, second: number): number => (first * 31 + second * 7) & 255;
const bySlot = <W extends string>(words: readonly W[], endsWith: string): (readonly W[] | undefined)[] => {
  const slots: W[][] = [];
  for (const word of words) {
    const slot = slotOf(word.charCodeAt(0), `${word}${endsWith}`.charCodeAt(1));
    slots[slot] = [...(slots[slot] ?? []), word];
  }
  return Array.from({ length: 256 }, (_, slot) => slots[slot]);
};
const keySlots = bySlot(KEYS, '"');

function keyAt(text: string, at: number): Key | undefined {
  const words = keySlots[slotOf(text.charCodeAt(at), text.charCodeAt(at + 1))];
  if (words === undefined) return undefined;
  for (const word of words)
    if (text.charCodeAt(at + word.length) === QUOTE && text.startsWith(word, at)) return word;
  return undefined;
}

const TYPES = [
  'sale',
  'shelf',
  'receipt',
  'record',
  'count',
  'pick',
  'seen',
  'return',
  'waste',
  'transfer',
] as const satisfies readonly CodedType[];
type PlainType = (typeof TYPES)[number];
const typeSlots = bySlot(TYPES, '"');

function typeAt(text: string, at: number, end: number): PlainType | undefined {
  const words = typeSlots[slotOf(text.charCodeAt(at), text.charCodeAt(at + 1))];
  if (words === undefined) return undefined;
  for (const word of words) if (at + word.length === end && text.startsWith(word, at)) return word;
  return undefined;
}

const isMark = (key: Key): key is 'sku' | 'id' | 'feed' | 'ticket' | 'till' =>
  key === 'sku' || key === 'id' || key === 'feed' || key === 'ticket' || key === 'till';
/** Said by others for others; the belief has no use for it. */
const isAside = (key: Key): boolean =>
  key === 'by' || key === 'order' || key === 'reference' || key === 'camera' || key === 'reason';
const isAmount = (key: Key): key is 'qty' | 'facings' | 'capacity' | 'requested' | 'found' =>
  key === 'qty' || key === 'facings' || key === 'capacity' || key === 'requested' || key === 'found';

function takeText(key: Key, value: string, into: ReadLine): boolean {
  if (isMark(key)) into[key] = value;
  else return isAside(key);
  return true;
}

const NUMBER = /^-?(?:0|[1-9]\d{0,9})(?:\.\d{1,9})?$/;

/** Returns where the value ends, or -1 where it is not plain. */
function takeValue(
  key: Key,
  text: string,
  { at, end }: { readonly at: number; readonly end: number },
  into: ReadLine,
): number {
  let valueEnd = at;
  let value = 0;
  let isDigits = true;
  for (; valueEnd < end; valueEnd++) {
    const code = text.charCodeAt(valueEnd);
    if (code === COMMA || code === CLOSE) break;
    if (code < ZERO || code > NINE) isDigits = false;
    value = value * 10 + (code - ZERO);
  }
  const length = valueEnd - at;
  if (key === 'sellable') {
    const word = text.slice(at, valueEnd);
    field.sellable = word === 'true' ? 1 : 0;
    return word === 'true' || word === 'false' ? valueEnd : -1;
  }
  const isShort = isDigits && length > 0 && length < 7 && (length === 1 || text.charCodeAt(at) !== ZERO);
  if (!isShort) {
    const word = text.slice(at, valueEnd);
    if (!NUMBER.test(word)) return -1;
    value = Number(word);
  }
  if (!(value >= -MAX_QTY && value <= MAX_QTY)) return -1;
  if (isAmount(key)) {
    field[key] = value;
    return valueEnd;
  }
  if (key !== 'line' || !Number.isInteger(value) || value < 0) return -1;
  into.line = value;
  return valueEnd;
}

function complete(type: PlainType, into: ReadLine): boolean {
  if (Number.isNaN(into.t)) return false;
  const { qty, facings, capacity, requested, found } = field;
  into.y = 0;
  switch (type) {
    case 'sale':
    case 'record':
    case 'transfer':
      into.x = qty;
      break;
    case 'count':
    case 'waste':
      if (!(qty >= 0)) return false;
      into.x = qty;
      break;
    case 'return':
      if (!(qty >= 0)) return false;
      into.x = qty;
      into.y = field.sellable;
      break;
    case 'receipt':
      if (qty < 0) return false;
      into.type = type;
      into.x = Number.isNaN(qty) ? UNKNOWN_QTY : qty;
      return into.sku !== '';
    case 'shelf':
      if (!(facings >= 0 && capacity >= 0)) return false;
      into.x = facings;
      into.y = capacity;
      break;
    case 'pick':
      if (!(requested >= 0 && found >= 0)) return false;
      into.x = requested;
      into.y = found;
      break;
    case 'seen':
      into.x = 0;
      break;
    default:
      return type satisfies never;
  }
  into.type = type;
  return into.sku !== '' && !Number.isNaN(into.x);
}

export const codeOfLine = (line: ReadLine): number => codeOf[line.type];
