/**
 * SKUs that are swapped at the till: what is scanned as one and taken from the other is missing from the record of
 * the first and left over on the record of the second. Groups that somebody named are taken as they are; else they
 * are inferred from gaps that mirror each other within a category, more so at the same price and with a like name.
 */
export interface SiblingFacts {
  readonly sku: string;
  readonly name: string | undefined;
  readonly price: number | undefined;
  /** Units in the store beyond those booked: what counts have found so far and what is believed today. */
  readonly gap: number;
  /** Units sold so far: gaps grow with them by chance alone. */
  readonly sold: number;
}

export interface Sibling {
  readonly sku: string;
  /** P(these two are swapped), 0..1; 1 for a named group. */
  readonly likelihood: number;
  readonly gap: number;
}

/** Smaller gaps have many causes. */
const LEAST_GAP = 1.5;
/** Weight of "it is none of them". */
const NONE = 0.3;
const OTHER_PRICE = 0.08;
const MOST = 3;

/** The likeliest first; nothing where this SKU's own gap says nothing. */
export function likelySiblings(one: SiblingFacts, others: Iterable<SiblingFacts>): Sibling[] {
  if (Math.abs(one.gap) < LEAST_GAP) return [];
  const found: { sku: string; weight: number; gap: number }[] = [];
  let total = NONE;
  for (const other of others) {
    if (other.sku === one.sku || other.gap * one.gap >= 0 || Math.abs(other.gap) < LEAST_GAP) continue;
    const weight = mirrors(one, other) * samePrice(one, other) * (0.2 + 0.8 * alike(one.name, other.name));
    total += weight;
    found.push({ sku: other.sku, weight, gap: other.gap });
  }
  return found
    .map(({ sku, weight, gap }) => ({ sku, likelihood: weight / total, gap }))
    .sort((a, b) => b.likelihood - a.likelihood || (a.sku < b.sku ? -1 : 1))
    .slice(0, MOST);
}

/** How well two gaps cancel, given how far chance drives each of them. */
function mirrors(one: SiblingFacts, other: SiblingFacts): number {
  const chance = 1 + 0.01 * (one.sold + other.sold);
  return Math.exp((-0.5 * (one.gap + other.gap) ** 2) / chance);
}

function samePrice(one: SiblingFacts, other: SiblingFacts): number {
  if (one.price === undefined || other.price === undefined) return 0.5;
  return Math.abs(one.price - other.price) <= 0.01 * one.price ? 1 : OTHER_PRICE;
}

/** Share of words that two names have in common. */
function alike(one: string | undefined, other: string | undefined): number {
  if (one === undefined || other === undefined) return 0.5;
  const words = new Set(one.toLowerCase().split(/\W+/).filter(Boolean));
  const theirs = new Set(other.toLowerCase().split(/\W+/).filter(Boolean));
  const common = [...words].filter((word) => theirs.has(word)).length;
  return common / Math.max(1, words.size + theirs.size - common);
}
