/** What a belief and its evidence say about why a record is wrong: the signs that causes are ranked by. */
import type { EvidenceEntry } from './evidence-ring.ts';
import { codeOf } from './observation-code.ts';
import type { Sibling } from './siblings.ts';

/** Each 0..1 unless it says otherwise. */
export interface StockSigns {
  /** P(units in the backroom | nothing can sell). */
  readonly hidden: number;
  /** How telling it is that nothing sold since the last receipt. */
  readonly silentSinceReceipt: number;
  /** Share of the category's expected sales that are missing today. */
  readonly categorySilent: number;
  /** Share of the store's expected trade that is missing today. */
  readonly storeSilent: number;
  /** How telling it is that more is there than the record knows; a record below zero says so by itself. */
  readonly beyondRecord: number;
  /** P(another SKU has what this one lacks, or the other way round). */
  readonly siblingMirrors: number;
  /** log10 of the price in major units; 0 where it is unknown. */
  readonly price: number;
  readonly perishable: number;
  /** P(many units went at once). */
  readonly sudden: number;
}

export interface SignFacts {
  readonly absent: number;
  readonly hidden: number;
  readonly record: number;
  /** Believed units. */
  readonly mean: number;
  /** Purchases per trading day believed while idle. */
  readonly rate: number;
  readonly price: number | undefined;
  readonly siblings: readonly Sibling[];
  /** Oldest first. */
  readonly evidence: readonly EvidenceEntry[];
  /** Trading days from an instant until the question. */
  readonly daysSince: (fromMs: number) => number;
  /** Purchases expected and made today in the SKU's category. */
  readonly category: { readonly expected: number; readonly made: number };
  /** Trading days that today should have been worth so far, and was. */
  readonly store: { readonly expected: number; readonly made: number };
}

/** Units beyond which a loss is called sudden. */
const MANY = 5;
/** Units beyond the record that are as likely a belief's spread as a sign. */
const SOME = 2;

const missing = (expected: number, made: number, least: number): number =>
  Math.min(1, Math.max(0, 1 - (made + least) / (expected + least)));

export function signsOf(facts: SignFacts): StockSigns {
  const { absent, hidden, record, mean, evidence } = facts;
  const booked = Math.max(0, record);
  return {
    hidden: hidden / (absent + hidden),
    silentSinceReceipt: silence(facts),
    categorySilent: missing(facts.category.expected, facts.category.made, 2),
    storeSilent: missing(facts.store.expected, facts.store.made, 0.05),
    beyondRecord: record < 0 ? 1 : 1 - Math.exp(-Math.max(0, mean - record) / SOME),
    siblingMirrors: Math.max(0, ...facts.siblings.map((sibling) => sibling.likelihood)),
    price: facts.price === undefined || facts.price <= 0 ? 0 : Math.log10(facts.price),
    perishable: evidence.some((entry) => entry.code === codeOf.waste) ? 1 : 0,
    sudden: absent * (1 - Math.exp(-booked / MANY)),
  };
}

/** The last movement was a receipt: 1 - P(no purchase since, had it arrived). */
function silence({ evidence, rate, daysSince }: SignFacts): number {
  const last = evidence.findLast((entry) => entry.code === codeOf.receipt || entry.code === codeOf.sale);
  if (last?.code !== codeOf.receipt) return 0;
  return 1 - Math.exp(-rate * daysSince(last.t));
}
