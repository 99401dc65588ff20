/**
 * One scan: what the scanner sent between two line ends, as a scan or a refusal. A code that breaks its own
 * rules is refused with the reason; nothing is repaired and nothing is guessed.
 */
import { maskCards } from '../card-filter.ts';
import type { RefusedEvent, ScanEvent } from '../events.ts';
import { parseBracketed } from './bracketed.ts';
import { expandUpcE, gtin14Of, hasCheckDigit } from './check-digit.ts';
import { parseDigitalLink } from './digital-link.ts';
import { type Elements, GS, parseElementString, refuse } from './element-string.ts';
import type { DateContext } from './gs1-date.ts';
import { meaningOf } from './meaning.ts';
import { decodeSgtin96 } from './sgtin96.ts';
import { type Reading, readingOf } from './symbology.ts';

type Fields = Omit<ScanEvent, 'type' | 'symbology' | 'text'>;
type Outcome =
  | { readonly ok: true; readonly fields: Fields }
  | { readonly ok: false; readonly reason: string };

const COMPOSITE = '|]e0';
const WEB_ADDRESS = /^https?:\/\//i;

export function readScan(raw: string, context: DateContext): ScanEvent | RefusedEvent {
  const identifier = raw.startsWith(']') ? raw.slice(1, 3) : undefined;
  const text = identifier === undefined ? raw : raw.slice(3);
  const outcome =
    identifier === undefined ? readBare(raw, context) : readIdentified(identifier, text, context);
  if (!outcome.ok) return { type: 'refused', reason: outcome.reason, raw: maskCards(raw).text };
  const { fields } = outcome;
  return {
    type: 'scan',
    ...(identifier === undefined ? {} : { symbology: `]${identifier}` }),
    ...fields,
    text: fields.gtin === undefined && fields.ais === undefined ? maskCards(text).text : text,
  };
}

function readIdentified(identifier: string, text: string, context: DateContext): Outcome {
  const reading = readingOf(identifier);
  if (!reading) return refuse(`"]${identifier}" is no symbology identifier this feed knows`);
  return readings[reading](text, context);
}

const readings: Readonly<Record<Reading, (text: string, context: DateContext) => Outcome>> = {
  ean13: (text, context) => readEan(text, 13, context),
  ean8: (text, context) => readEan(text, 8, context),
  'ean13-addon': (text) =>
    text.length === 15 || text.length === 18
      ? readNumber(text.slice(0, 13), /^\d*$/.test(text))
      : refuse('an EAN-13 with add-on has 15 or 18 digits'),
  ai: (text, context) => fromElements(parseElementString(text, context), context),
  itf: (text) => (/^\d{14}$/.test(text) ? readNumber(text, true) : { ok: true, fields: {} }),
  text: readText,
};

/**
 * A web address must be a Digital Link. Its scheme is written in one case; in mixed case it is a Digital Link all
 * the same (RFC 3986 schemes ignore case), but then the GS1 rules do not make it an error if it is none.
 */
function readText(text: string, context: DateContext): Outcome {
  const [scheme = ''] = WEB_ADDRESS.exec(text) ?? [];
  if (scheme === '') return { ok: true, fields: {} };
  const uri = scheme.toLowerCase() + text.slice(scheme.length);
  const outcome = fromElements(parseDigitalLink(uri, context), context);
  const isOneCase = scheme === scheme.toLowerCase() || scheme === scheme.toUpperCase();
  return outcome.ok || isOneCase ? outcome : { ok: true, fields: {} };
}

/** An EAN symbol, perhaps with a composite component whose AIs follow. */
function readEan(text: string, length: 8 | 13, context: DateContext): Outcome {
  const primary = text.slice(0, length);
  const rest = text.slice(length);
  if (primary.length < length)
    return refuse(`an EAN-${length} has ${length} digits, this has ${text.length}`);
  if (rest !== '' && !rest.startsWith(COMPOSITE))
    return refuse(`an EAN-${length} has ${length} digits, this has more`);
  const linear = readNumber(primary, /^\d*$/.test(primary));
  if (!linear.ok || rest === '') return linear;
  const composite = fromElements(parseElementString(rest.slice(COMPOSITE.length), context), context);
  return composite.ok ? { ok: true, fields: { ...composite.fields, ...linear.fields } } : composite;
}

function readNumber(digits: string, isDigits: boolean): Outcome {
  if (!isDigits) return refuse('must be digits');
  const gtin = gtin14Of(digits);
  return gtin === undefined ? refuse(`check digit of ${digits} is wrong`) : { ok: true, fields: { gtin } };
}

/** What a scanner sends that is not set to put the symbology identifier in front. */
function readBare(text: string, context: DateContext): Outcome {
  if (text === '') return refuse('empty scan');
  if (/^\d+$/.test(text)) return readBareNumber(text);
  if (text.includes(GS))
    return fromElements(parseElementString(text.startsWith(GS) ? text.slice(1) : text, context), context);
  if (text.startsWith('(')) return fromElements(parseBracketed(text, context), context);
  if (WEB_ADDRESS.test(text)) return fromElements(parseDigitalLink(text, context), context);
  const sgtin = decodeSgtin96(text);
  if (sgtin)
    return {
      ok: true,
      fields: { gtin: sgtin.gtin, serial: sgtin.serial, ais: { '01': sgtin.gtin, '21': sgtin.serial } },
    };
  if (maskCards(text).cards > 0) return refuse('a payment card is not a scan');
  return refuse('neither a symbology identifier nor a trade item number');
}

/**
 * Bare digits. Eight of them are an EAN-8, or a UPC-E when they begin with 0: GS1 gives no GTIN-8 that begins
 * with 0 (General Specifications, section 1.4.2: those prefixes are for use within a company).
 */
function readBareNumber(digits: string): Outcome {
  if (digits.length === 8 && digits.startsWith('0')) {
    const upcA = expandUpcE(digits);
    if (upcA !== undefined) return readNumber(upcA, true);
  }
  if (![8, 12, 13, 14].includes(digits.length)) {
    const sgtin = decodeSgtin96(digits);
    if (sgtin) return { ok: true, fields: { gtin: sgtin.gtin, serial: sgtin.serial } };
    return refuse(`${digits.length} digits are no trade item number (8, 12, 13 or 14)`);
  }
  const checked = hasCheckDigit(digits);
  if (!checked)
    return refuse(
      maskCards(digits).cards > 0 ? 'a payment card is not a scan' : `check digit of ${digits} is wrong`,
    );
  return readNumber(digits, true);
}

function fromElements(parsed: Elements, context: DateContext): Outcome {
  return parsed.ok ? { ok: true, fields: meaningOf(parsed.elements, context) } : parsed;
}
