/**
 * Recognises the usual form of a catalog entry: a file begins with one per SKU. Whatever is in any way unusual is left to
 * the schema's parser; this must never accept what the schema refuses.
 */
import type { Observation } from '@truecount/protocol';

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const GTIN = /^\d{14}$/;
const CURRENCY = /^[A-Z]{3}$/;
/** Of text that the schema bounds; the schema allows more of some, and counts in letters. */
const MAX_TEXT = 64;
/** The schema allows more of prices. */
const MAX_NUMBER = 100_000;

type Catalog = Extract<Observation, { type: 'catalog' }>;

/** @param value what JSON says */
export function isPlainCatalog(value: unknown): value is Catalog {
  if (typeof value !== 'object' || value === null) return false;
  // `as`: of anything but an object that says what it is.
  const fields = value as { readonly [N in keyof Catalog]?: unknown };
  return (
    fields.type === 'catalog' &&
    isMatch(fields.t, INSTANT) &&
    isText(fields.sku) &&
    fields.sku !== '' &&
    (fields.name === undefined || isText(fields.name)) &&
    (fields.category === undefined || isText(fields.category)) &&
    (fields.place === undefined || isText(fields.place)) &&
    (fields.price === undefined || isAmount(fields.price)) &&
    (fields.cost === undefined || isAmount(fields.cost)) &&
    (fields.facings === undefined || isAmount(fields.facings)) &&
    (fields.pack === undefined || isAmount(fields.pack)) &&
    (fields.gtin === undefined || isMatch(fields.gtin, GTIN)) &&
    (fields.currency === undefined || isMatch(fields.currency, CURRENCY))
  );
}

const isText = (value: unknown): boolean => typeof value === 'string' && value.length <= MAX_TEXT;
const isMatch = (value: unknown, form: RegExp): boolean => typeof value === 'string' && form.test(value);
const isAmount = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= MAX_NUMBER;
