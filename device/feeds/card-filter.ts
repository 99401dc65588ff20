/**
 * Payment card numbers never leave a feed. A run of 13 to 19 digits with a right Luhn check digit
 * (ISO/IEC 7812-1) is masked but for its last four; so are the groupings cards are printed in
 * (4-4-4-4, 4-4-4-4-3, 4-6-5, 4-6-4). A number in item position that is a valid GTIN is left alone.
 */
const CANDIDATE =
  /(?<!\d)(?:\d{13,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?|\d{4}([ -])\d{6}\2\d{4,5})(?!\d)/g;

function hasLuhnDigit(digits: string): boolean {
  let sum = 0;
  for (let at = digits.length - 1, double = false; at >= 0; at--, double = !double) {
    const digit = digits.charCodeAt(at) - 48;
    sum += double ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit;
  }
  return sum % 10 === 0;
}

export interface Masked {
  readonly text: string;
  readonly cards: number;
}

/** @param keep says of a run of digits that it is known to be something else */
export function maskCards(text: string, keep: (run: string) => boolean = () => false): Masked {
  let cards = 0;
  const masked = text.replace(CANDIDATE, (run: string) => {
    const digits = run.replace(/\D/g, '');
    if (keep(run) || /^(\d)\1*$/.test(digits) || !hasLuhnDigit(digits)) return run;
    cards++;
    let seen = 0;
    return run.replace(/\d/g, (digit) => (++seen > digits.length - 4 ? digit : '*'));
  });
  return { text: masked, cards };
}
