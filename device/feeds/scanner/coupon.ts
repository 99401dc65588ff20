/**
 * North American coupon codes: AI (8110), "North American Coupon Application Guideline Using GS1 DataBar Expanded
 * Symbols", and AI (8112), "GS1 AI (8112) Coupon Data Specification". Both are digit strings whose fields say
 * their own lengths, so one small reader walks them.
 */

/** Reads fields from the left and remembers the first thing that was wrong. */
class FieldReader {
  readonly #data: string;
  #at = 0;
  problem: string | undefined;

  constructor(data: string) {
    this.#data = data;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#data.length;
  }

  next(): string {
    return this.#data[this.#at] ?? '';
  }

  skip(): void {
    this.#at++;
  }

  /** One digit out of a set. */
  digit(allowed: string, what: string): string {
    const digit = this.next();
    if (digit === '') this.#fail(`${what} is missing`);
    else if (!allowed.includes(digit)) this.#fail(`${what} cannot be ${digit}`);
    this.#at++;
    return digit;
  }

  /** A fixed number of digits. */
  fixed(length: number, what: string): string {
    const field = this.#data.slice(this.#at, this.#at + length);
    if (field.length < length) this.#fail(`${what} is cut short`);
    this.#at += length;
    return field;
  }

  /** A length digit, then that many digits plus `extra`. */
  sized(allowed: string, extra: number, what: string): string {
    const length = this.digit(allowed, `length of the ${what}`);
    return length === '' ? '' : this.fixed(Number(length) + extra, what);
  }

  #fail(problem: string): void {
    this.problem ??= problem;
  }
}

const ANY = '0123456789';
const REQUIREMENT_CODES = '012349';

function purchase(reader: FieldReader, which: string): void {
  reader.sized('12345', 0, `${which} purchase requirement`);
  reader.digit(REQUIREMENT_CODES, `${which} purchase requirement code`);
  reader.fixed(3, `${which} purchase family code`);
}

function optionalCompanyPrefix(reader: FieldReader, which: string): void {
  if (reader.next() === '9') reader.skip();
  else reader.sized('0123456', 6, `${which} purchase company prefix`);
}

/** The optional fields, each announced by its own digit, in rising order. */
const optionalFields: ReadonlyArray<readonly [string, (reader: FieldReader, seen: Seen) => void]> = [
  [
    '1',
    (reader) => {
      reader.digit('0123', 'additional purchase rules code');
      purchase(reader, 'second');
      optionalCompanyPrefix(reader, 'second');
    },
  ],
  [
    '2',
    (reader) => {
      purchase(reader, 'third');
      optionalCompanyPrefix(reader, 'third');
    },
  ],
  [
    '3',
    (reader, seen) => {
      seen.expiry = reader.fixed(6, 'expiration date');
    },
  ],
  [
    '4',
    (reader, seen) => {
      seen.start = reader.fixed(6, 'start date');
    },
  ],
  ['5', (reader) => reader.sized(ANY, 6, 'serial number')],
  ['6', (reader) => reader.sized('1234567', 6, 'retailer company prefix or GLN')],
  [
    '9',
    (reader) => {
      reader.digit('01256', 'save value code');
      reader.digit('012', 'save value applies to item');
      reader.digit(ANY, 'store coupon flag');
      reader.digit('01', "don't multiply flag");
    },
  ],
];

interface Seen {
  expiry?: string;
  start?: string;
}

/** Coupon dates are checked as calendar dates; a two-digit year cannot fail by itself. */
function dateIsReal(yymmdd: string | undefined): boolean {
  if (yymmdd === undefined || yymmdd.length < 6) return true;
  const [year, month, day] = [yymmdd.slice(0, 2), yymmdd.slice(2, 4), yymmdd.slice(4)].map(Number);
  const date = new Date(Date.UTC(2000 + (year ?? 0), (month ?? 0) - 1, day));
  return date.getUTCMonth() + 1 === month && date.getUTCDate() === day;
}

export function couponCode(value: string): string | undefined {
  if (!/^\d*$/.test(value)) return 'must be digits';
  const reader = new FieldReader(value);
  reader.sized('0123456', 6, 'company prefix');
  reader.fixed(6, 'offer code');
  reader.sized('12345', 0, 'save value');
  purchase(reader, 'first');
  const seen: Seen = {};
  for (const [digit, read] of optionalFields) {
    if (reader.problem !== undefined || reader.next() !== digit) continue;
    reader.skip();
    read(reader, seen);
  }
  if (reader.problem !== undefined) return reader.problem;
  if (!dateIsReal(seen.expiry)) return 'expiration date does not exist';
  if (!dateIsReal(seen.start)) return 'start date does not exist';
  if (seen.start !== undefined && seen.expiry !== undefined && seen.start > seen.expiry)
    return 'coupon expires before it starts';
  return reader.isAtEnd ? undefined : 'has digits that belong to no field';
}

export function couponPositiveOffer(value: string): string | undefined {
  if (!/^\d*$/.test(value)) return 'must be digits';
  const reader = new FieldReader(value);
  reader.digit('01', 'format code');
  reader.sized('0123456', 6, 'funder');
  reader.fixed(6, 'offer code');
  reader.sized(ANY, 6, 'serial number');
  if (reader.problem !== undefined) return reader.problem;
  return reader.isAtEnd ? undefined : 'has digits that belong to no field';
}
