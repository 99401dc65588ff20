/** GS1 check digits (GS1 General Specifications, section 7.9.1). */

/** @param digits the number with its check digit */
export function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let at = digits.length - 1, weight = 1; at >= 0; at--, weight = 4 - weight)
    sum += weight * (digits.charCodeAt(at) - 48);
  return sum % 10 === 0;
}

/** The check digit that belongs behind `digits`. */
export function checkDigitFor(digits: string): string {
  let sum = 0;
  for (let at = digits.length - 1, weight = 3; at >= 0; at--, weight = 4 - weight)
    sum += weight * (digits.charCodeAt(at) - 48);
  return String((10 - (sum % 10)) % 10);
}

const TRADE_ITEM_LENGTHS: ReadonlySet<number> = new Set([8, 12, 13, 14]);

/** 14 digits for a number of trade-item length with a right check digit; undefined for anything else. */
export function gtin14Of(digits: string): string | undefined {
  if (!TRADE_ITEM_LENGTHS.has(digits.length) || !/^\d+$/.test(digits) || !hasCheckDigit(digits))
    return undefined;
  return digits.padStart(14, '0');
}

/**
 * UPC-E to UPC-A (GS1 General Specifications, section 5.2.2.4): 8 digits with number system 0 and check digit.
 * The check digit is that of the expanded number.
 */
export function expandUpcE(digits: string): string | undefined {
  if (!/^0\d{7}$/.test(digits)) return undefined;
  const [, d1, d2, d3, d4, d5, d6, check] = digits as unknown as string[];
  const last = Number(d6);
  let body = `${d1}${d2}${d3}${d4}${d5}0000${d6}`;
  if (last <= 2) body = `${d1}${d2}${d6}0000${d3}${d4}${d5}`;
  else if (last === 3) body = `${d1}${d2}${d3}00000${d4}${d5}`;
  else if (last === 4) body = `${d1}${d2}${d3}${d4}00000${d5}`;
  const upcA = `0${body}${check}`;
  return hasCheckDigit(upcA) ? upcA : undefined;
}
