/** What the AIs of a scan mean for stock: GTIN, lot, dates, weight, price, quantity. */
import type { ScanEvent } from '../events.ts';
import type { Element } from './element-string.ts';
import { type DateContext, isoDate } from './gs1-date.ts';

type Meaning = Omit<ScanEvent, 'type' | 'text' | 'symbology'>;

const GRAMS_PER: Readonly<Record<string, number>> = {
  '310': 1000,
  '320': 453.592_37,
  '356': 31.103_476_8,
};

export function meaningOf(elements: readonly Element[], context: DateContext): Meaning {
  const ais: Record<string, string> = {};
  for (const { entry, value } of elements) ais[entry.ai] = value;
  const date = (value: string | undefined) => value && isoDate(value.slice(0, 6), context);
  return withoutUndefined({
    gtin: ais['01'] ?? ais['02'] ?? ais['03'] ?? ais['8006']?.slice(0, 14) ?? ais['8026']?.slice(0, 14),
    ais,
    lot: ais['10'],
    serial: ais['21'],
    expiry: date(ais['17'] ?? ais['7003']),
    bestBefore: date(ais['15']),
    weightGrams: weight(ais),
    price: price(ais),
    quantity: count(ais['30'] ?? ais['37']),
  });
}

const count = (digits: string | undefined): number | undefined =>
  digits === undefined ? undefined : Number(digits);

/** Net weight: the AI's last digit is the number of decimals. */
function weight(ais: Readonly<Record<string, string>>): number | undefined {
  for (const [ai, value] of Object.entries(ais)) {
    const grams = GRAMS_PER[ai.slice(0, 3)];
    if (grams === undefined || ai.length !== 4) continue;
    return Math.round(((Number(value) * grams) / 10 ** Number(ai[3])) * 1000) / 1000;
  }
  return undefined;
}

/** AI 392n: price in the area's currency; AI 393n: with its ISO 4217 number. */
function price(ais: Readonly<Record<string, string>>): ScanEvent['price'] {
  for (const [ai, value] of Object.entries(ais)) {
    if (!/^39[23]\d$/.test(ai)) continue;
    const hasCurrency = ai[2] === '3';
    const digits = hasCurrency ? value.slice(3) : value;
    const amount = decimal(digits, Number(ai[3]));
    return hasCurrency ? { amount, currency: value.slice(0, 3) } : { amount };
  }
  return undefined;
}

function decimal(digits: string, decimals: number): string {
  const padded = digits.padStart(decimals + 1, '0');
  const whole = padded.slice(0, padded.length - decimals).replace(/^0+(?=\d)/, '');
  return decimals === 0 ? whole : `${whole}.${padded.slice(-decimals)}`;
}

/** `exactOptionalPropertyTypes`: a field that is absent must not be there at all. */
function withoutUndefined<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
