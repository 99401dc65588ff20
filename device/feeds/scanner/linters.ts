/**
 * The content checks ("linters") that the GS1 Barcode Syntax Dictionary names, each as one small function. A
 * linter gives the reason why a value breaks its rule, or undefined. Behaviour follows the reference procedures
 * of the GS1 Barcode Syntax Resource (https://ref.gs1.org/tools/gs1-barcode-syntax-resource/syntax-tests/).
 */
import { hasCheckDigit } from './check-digit.ts';
import { countryLetters, countryNumbers, currencyNumbers, packageTypes } from './code-lists.ts';
import { couponCode, couponPositiveOffer } from './coupon.ts';
import { type DateContext, dateProblem, fullYear } from './gs1-date.ts';

export type Linter = (value: string, context: DateContext) => string | undefined;

/** The shortest GS1 Company Prefix; whether a longer one is really issued cannot be known offline. */
const SHORTEST_COMPANY_PREFIX = 4;
const CSET_82 = /^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]*$/;
const CSET_82_ORDER = '!"%&\'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';
const CSET_32 = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

const matches =
  (pattern: RegExp, reason: string): Linter =>
  (value) =>
    pattern.test(value) ? undefined : reason;

const isIn =
  (list: ReadonlySet<string>, reason: string): Linter =>
  (value) =>
    list.has(value) ? undefined : reason;

const range =
  (length: number, max: number, what: string): Linter =>
  (value) => {
    if (value.length !== length) return `${what} must have ${length} digits`;
    if (!/^\d*$/.test(value)) return `${what} must be digits`;
    return Number(value) > max ? `${what} ${value} is out of range` : undefined;
  };

const companyPrefix =
  (from: number): Linter =>
  (value) => {
    const prefix = value.slice(from, from + SHORTEST_COMPANY_PREFIX);
    return /^\d{4}$/.test(prefix) ? undefined : 'does not hold a GS1 Company Prefix';
  };

const date =
  (digits: 6 | 8, dayMayBeZero: boolean): Linter =>
  (value, context) => {
    if (value.length !== digits) return `a date here has ${digits} digits`;
    if (!/^\d*$/.test(value)) return 'a date must be digits';
    return dateProblem(digits === 6 ? fullYear(value, context) : value, dayMayBeZero);
  };

function csetBase64Url(value: string): string | undefined {
  const padding = /=*$/.exec(value)?.[0].length ?? 0;
  if (padding > 2 || (padding > 0 && value.length % 3 !== 0)) return 'wrong base64url padding';
  const body = value.slice(0, value.length - padding);
  return /^[A-Za-z0-9_-]*$/.test(body) ? undefined : 'has a character outside base64url';
}

function checkDigit(value: string): string | undefined {
  if (value === '') return 'too short for a check digit';
  if (!/^\d*$/.test(value)) return 'must be digits';
  return hasCheckDigit(value) ? undefined : 'check digit is wrong';
}

/** The n-th prime, 1-based, for the alphanumeric check pair. */
const primes: readonly number[] = (() => {
  const found: number[] = [];
  for (let n = 2; found.length < 97; n++) if (found.every((prime) => n % prime !== 0)) found.push(n);
  return found;
})();

/** GS1 General Specifications, "Check character calculation (for alphanumeric keys)". */
function checkPair(value: string): string | undefined {
  if (value.length < 2) return 'too short for a check pair';
  if (value.length > primes.length + 2) return 'too long for a check pair';
  let sum = 0;
  for (let at = 0; at < value.length - 2; at++) {
    const weight = CSET_82_ORDER.indexOf(value[at] as string);
    if (weight < 0) return 'has a character outside GS1 character set 82';
    sum += weight * (primes[value.length - 3 - at] as number);
  }
  sum %= 1021;
  const pair = `${CSET_32[sum >> 5]}${CSET_32[sum & 31]}`;
  return value.endsWith(pair) ? undefined : 'check pair is wrong';
}

/** ISO 13616: country, check digits, then modulo 97 over letters as two-digit numbers. */
function iban(value: string): string | undefined {
  if (!countryLetters.has(value.slice(0, 2))) return 'an IBAN starts with a country code';
  if (value.length <= 10 || value.length > 34) return 'no IBAN has this length';
  if (!/^[0-9A-Z]*$/.test(value)) return 'has a character that no IBAN has';
  let rest = 0;
  for (const char of value.slice(4) + value.slice(0, 4)) {
    const weight = Number.parseInt(char, 36);
    rest = (rest * (weight > 9 ? 100 : 10) + weight) % 97;
  }
  return rest === 1 ? undefined : 'IBAN checksum is wrong';
}

function pieceOfTotal(value: string): string | undefined {
  if (!/^\d*$/.test(value)) return 'must be digits';
  if (value === '' || value.length % 2 !== 0) return 'piece and total must have equal lengths';
  const piece = value.slice(0, value.length / 2);
  const total = value.slice(value.length / 2);
  if (/^0+$/.test(piece)) return 'piece number is zero';
  if (/^0+$/.test(total)) return 'total of pieces is zero';
  return piece > total ? 'piece number exceeds the total' : undefined;
}

function positionInSequence(value: string): string | undefined {
  const [, position = '', end = ''] = /^(\d+)\/(\d+)$/.exec(value) ?? [];
  if (position === '') return 'must be a position, a slash and an end';
  if (position.startsWith('0') || end.startsWith('0')) return 'has a leading zero';
  return Number(position) > Number(end) ? 'position exceeds the end' : undefined;
}

function nonZero(value: string): string | undefined {
  if (!/^\d*$/.test(value)) return 'must be digits';
  return /[1-9]/.test(value) ? undefined : 'must not be zero';
}

export const linters: Readonly<Record<string, Linter>> = {
  csetnumeric: matches(/^\d*$/, 'must be digits'),
  cset82: matches(CSET_82, 'has a character outside GS1 character set 82'),
  cset39: matches(/^[#\-/0-9A-Z]*$/, 'has a character outside GS1 character set 39'),
  cset64: csetBase64Url,
  csum: checkDigit,
  csumalpha: checkPair,
  gcppos1: companyPrefix(0),
  gcppos2: companyPrefix(1),
  hasnondigit: matches(/\D/, 'must hold something other than digits'),
  nonzero: nonZero,
  nozeroprefix: matches(/^(?!0)\d*$/, 'must be digits without a leading zero'),
  zero: matches(/^0+$/, 'must be zero'),
  yesno: matches(/^[01]$/, 'must be 0 or 1'),
  hyphen: matches(/^-+$/, 'must be a hyphen'),
  winding: matches(/^[019]$/, 'must be 0, 1 or 9'),
  iso5218: matches(/^[0129]$/, 'must be 0, 1, 2 or 9'),
  mediatype: matches(/^(?:0[1-9]|10|[89]\d)$/, 'is no AIDC media type'),
  importeridx: matches(/^[-0-9A-Z_a-z]$/, 'is no importer index'),
  iso3166: isIn(countryNumbers, 'is no ISO 3166 country number'),
  iso3166999: (value, context) => (value === '999' ? undefined : linters['iso3166']?.(value, context)),
  iso3166alpha2: isIn(countryLetters, 'is no ISO 3166 country code'),
  iso4217: isIn(currencyNumbers, 'is no ISO 4217 currency number'),
  packagetype: isIn(packageTypes, 'is no package type code'),
  hh: range(2, 23, 'an hour'),
  mi: range(2, 59, 'a minute'),
  ss: range(2, 59, 'a second'),
  hhmi: (value, context) => {
    if (value.length !== 4) return 'a time of day must have 4 digits';
    return linters['hh']?.(value.slice(0, 2), context) ?? linters['mi']?.(value.slice(2), context);
  },
  latitude: range(10, 1_800_000_000, 'a latitude'),
  longitude: range(10, 3_600_000_000, 'a longitude'),
  yymmdd: date(6, false),
  yymmd0: date(6, true),
  yyyymmdd: date(8, false),
  yyyymmd0: date(8, true),
  iban,
  pcenc: matches(/^(?:[^%]|%[0-9A-Fa-f]{2})*$/s, 'has a broken percent sequence'),
  pieceoftotal: pieceOfTotal,
  posinseqslash: positionInSequence,
  couponcode: couponCode,
  couponposoffer: couponPositiveOffer,
};
