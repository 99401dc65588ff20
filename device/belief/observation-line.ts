/**
 * Reads the plain form of an observation line without building an object: flat, no escapes, known types.
 * Whatever is in any way unusual is left to the schema's parser, which also finds the words for what is
 * wrong; so this reader may give up at any point, and must never accept what the schema refuses.
 */
import { msOf } from './instant.ts';
import { type CodedType, codeOf, UNKNOWN_QTY } from './observation-code.ts';

export interface ReadLine {
  t: number;
  instant: string;
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
const CLOSE = 125;

/** Fields of the line being read; NaN where absent. */
const field = { qty: 0, facings: 0, capacity: 0, requested: 0, found: 0, sellable: 1 };
type NumberField = 'qty' | 'facings' | 'capacity' | 'requested' | 'found';

export const emptyLine = (): ReadLine => ({
  t: 0,
  instant: '',
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
  into.instant = '';
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
  let type = '';
  let at = 1;
  const end = text.length;
  for (;;) {
    if (text.charCodeAt(at) !== QUOTE) return false;
    const keyEnd = text.indexOf('"', at + 1);
    if (keyEnd < 0 || text.charCodeAt(keyEnd + 1) !== 58) return false;
    const key = text.slice(at + 1, keyEnd);
    at = keyEnd + 2;
    if (text.charCodeAt(at) === QUOTE) {
      const valueEnd = text.indexOf('"', at + 1);
      if (valueEnd < 0 || valueEnd - at > MAX_TEXT + 1) return false;
      const value = text.slice(at + 1, valueEnd);
      at = valueEnd + 1;
      if (key === 'type') type = value;
      else if (!takeText(key, value, into)) return false;
    } else {
      let valueEnd = at;
      while (valueEnd < end && text.charCodeAt(valueEnd) !== COMMA && text.charCodeAt(valueEnd) !== CLOSE)
        valueEnd++;
      if (!takeValue(key, text.slice(at, valueEnd), into)) return false;
      at = valueEnd;
    }
    const next = text.charCodeAt(at++);
    if (next === COMMA) continue;
    return next === CLOSE && at === end && complete(type, into);
  }
}

function takeText(key: string, value: string, into: ReadLine): boolean {
  switch (key) {
    case 't':
      into.instant = value;
      return true;
    case 'sku':
      into.sku = value;
      return true;
    case 'id':
      into.id = value;
      return true;
    case 'feed':
      into.feed = value;
      return true;
    case 'ticket':
      into.ticket = value;
      return true;
    case 'till':
      into.till = value;
      return true;
    case 'by':
    case 'order':
    case 'reference':
    case 'camera':
    case 'reason':
      return true;
    default:
      return false;
  }
}

const NUMBER = /^-?(?:0|[1-9]\d{0,9})(?:\.\d{1,9})?$/;

function takeValue(key: string, text: string, into: ReadLine): boolean {
  if (key === 'sellable') {
    field.sellable = text === 'true' ? 1 : 0;
    return text === 'true' || text === 'false';
  }
  const value = Number(text);
  if (text.length > 2 && !NUMBER.test(text)) return false;
  if (!(value >= -MAX_QTY && value <= MAX_QTY) || text.charCodeAt(0) < 45 || text.charCodeAt(0) > 57)
    return false;
  if (text.length === 2 && (text.charCodeAt(0) === 48 || text.charCodeAt(1) < 48)) return false;
  switch (key) {
    case 'qty':
    case 'facings':
    case 'capacity':
    case 'requested':
    case 'found':
      field[key satisfies NumberField] = value;
      return true;
    case 'line':
      into.line = value;
      return Number.isInteger(value) && value >= 0;
    default:
      return false;
  }
}

function complete(type: string, into: ReadLine): boolean {
  if (into.instant.length !== 24 || into.instant.charCodeAt(23) !== 90) return false;
  into.t = msOf(into.instant);
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
      return false;
  }
  into.type = type;
  return into.sku !== '' && !Number.isNaN(into.x);
}

export const codeOfLine = (line: ReadLine): number => codeOf[line.type];
