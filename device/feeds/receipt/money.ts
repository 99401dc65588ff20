/**
 * Printed amounts to integer minor units. Knows `4.00`, `1,234.56`, `1.234,56`, `1 234,56`, `$ 4.00`, `4.00-`,
 * `(4.00)`, `-$4.00`. No floating point on the way.
 */
export interface MoneyFormat {
  /** Digits after the decimal mark: 2 for most currencies, 0 for yen. */
  readonly digits: number;
  /** Which mark is the decimal one; `auto`: the last mark, when as many digits follow it as the currency has. */
  readonly decimal: 'auto' | '.' | ',';
}

const MAX_MINOR = 1e12;

/** @returns minor units, or undefined when the text is no amount of that format */
export function parseMinor(text: string, format: MoneyFormat): number | undefined {
  const negative = /-|\(/.test(text);
  const bare = text.replace(/[^\d.,]/g, '');
  if (!/\d/.test(bare)) return undefined;
  const mark = format.decimal === 'auto' ? lastMark(bare, format.digits) : format.decimal;
  const at = mark ? bare.lastIndexOf(mark) : -1;
  const whole = at < 0 ? bare : bare.slice(0, at);
  const fraction = at < 0 ? '' : bare.slice(at + 1);
  if (fraction.length > format.digits || /[.,]/.test(fraction)) return undefined;
  const digits = whole.replace(/[.,]/g, '') + fraction.padEnd(format.digits, '0');
  const minor = Number(digits);
  if (!Number.isSafeInteger(minor) || minor > MAX_MINOR) return undefined;
  return negative && minor !== 0 ? -minor : minor;
}

function lastMark(bare: string, digits: number): '.' | ',' | undefined {
  const at = Math.max(bare.lastIndexOf('.'), bare.lastIndexOf(','));
  if (at < 0 || digits === 0 || bare.length - at - 1 !== digits) return undefined;
  return bare[at] as '.' | ',';
}

export const toMajor = (minor: number, digits: number): number => minor / 10 ** digits;

/** `2`, `0.420`, `1,5`: a quantity; undefined when it is none or absurd. */
export function parseQuantity(text: string): number | undefined {
  const qty = Number(text.replace(',', '.').trim());
  return Number.isFinite(qty) && qty >= 0 && qty <= 100_000 ? qty : undefined;
}

/** A plain decimal number (`-0.19`, `12.5`) to minor units, rounded half away from zero. */
export function decimalToMinor(text: string, digits: number): number | undefined {
  const match = /^\s*([-+]?)(\d{1,12})(?:\.(\d{0,12}))?\s*$/.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = ''] = match;
  const kept = fraction.slice(0, digits).padEnd(digits, '0');
  const roundUp = (fraction[digits] ?? '0') >= '5' ? 1 : 0;
  const minor = Number(whole + kept) + roundUp;
  return sign === '-' && minor !== 0 ? -minor : minor;
}
