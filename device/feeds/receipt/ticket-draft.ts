/**
 * One receipt while its lines come in. Collects what the grammar recognised, resolves what a line leaves open
 * (which item a quantity or a code belongs to), and at the end checks the items against the printed total.
 * All amounts are integer minor units, signed.
 */
import type { Section } from './grammar.ts';

export interface DraftItem {
  kind: 'sale' | 'void' | 'return';
  name?: string;
  code?: string;
  qty: number;
  unit?: string;
  amountMinor: number;
  /** The line itself said how many. */
  hasQty: boolean;
}

export interface Measure {
  readonly qty: number;
  readonly unit?: string;
  readonly priceMinor?: number;
}

/** More lines than any till prints; beyond it the draft is closed as it is. */
export const MAX_ITEMS = 1000;

export class TicketDraft {
  section: Section = 'items';
  ticket: string | undefined;
  till: string | undefined;
  totalMinor: number | undefined;
  adjustmentsMinor = 0;
  taxMinor = 0;
  voided: 'copy' | 'training' | 'cancelled' | 'report' | undefined;
  isRefund = false;
  readonly items: DraftItem[] = [];
  readonly when: Record<string, string> = {};
  #nextCode: string | undefined;
  #nextMeasure: Measure | undefined;
  #nextKind: 'void' | 'return' | undefined;
  /** The first code line with no item before it settles it: in this layout codes come first. */
  #codesComeFirst = false;
  /** The line before, when it was text that no rule knew: the name of a two-line item. */
  lastText: string | undefined;

  get isEmpty(): boolean {
    return this.items.length === 0 && this.ticket === undefined && this.totalMinor === undefined;
  }

  get last(): DraftItem | undefined {
    return this.items.at(-1);
  }

  markNext(kind: 'void' | 'return'): void {
    this.#nextKind = kind;
  }

  /**
   * @param isKnown the shop sells something of that name. A negative line that takes nothing back is a return when
   *   it is of a known item or has a code, and otherwise a discount with a name of its own.
   */
  addItem(item: DraftItem, isKnown: boolean): void {
    if (this.items.length >= MAX_ITEMS) return;
    const marked = this.#nextKind ?? (this.isRefund && item.kind === 'sale' ? 'return' : undefined);
    if (this.#nextCode !== undefined) item.code ??= this.#nextCode;
    if (this.#nextMeasure && !item.hasQty && isProduct(this.#nextMeasure, item.amountMinor))
      setMeasure(item, this.#nextMeasure);
    this.#nextCode = undefined;
    this.#nextMeasure = undefined;
    this.#nextKind = undefined;
    if (marked) item.kind = marked;
    else if (item.kind === 'sale' && item.amountMinor < 0) {
      if (this.#wasSold(item)) item.kind = 'void';
      else if (isKnown || item.code !== undefined) item.kind = 'return';
      else {
        this.adjustmentsMinor += item.amountMinor;
        return;
      }
    }
    if (item.kind !== 'sale') item.amountMinor = -Math.abs(item.amountMinor);
    if (item.kind === 'void') this.#completeVoid(item);
    this.items.push(item);
  }

  /** A void line often repeats only name and amount; the sale it takes back has the code and the quantity. */
  #completeVoid(item: DraftItem): void {
    const sold = this.items.findLast(
      ({ kind, amountMinor, name, code }) =>
        kind === 'sale' &&
        amountMinor === -item.amountMinor &&
        (item.code === undefined ? name === item.name : code === item.code),
    );
    if (!sold) return;
    if (sold.code !== undefined) item.code = sold.code;
    if (!item.hasQty) item.qty = sold.qty;
  }

  addCode(code: string): void {
    const { last } = this;
    if (!last) this.#codesComeFirst = true;
    if (last && last.code === undefined && !this.#codesComeFirst) last.code = code;
    else this.#nextCode = code;
  }

  /** A quantity on its own line: arithmetic says whether it belongs to the item before or the one after. */
  addMeasure(measure: Measure): void {
    const { last } = this;
    if (last && !last.hasQty && isProduct(measure, last.amountMinor)) setMeasure(last, measure);
    else this.#nextMeasure = measure;
  }

  #wasSold(item: DraftItem): boolean {
    return this.items.some(
      (sold) =>
        sold.kind === 'sale' &&
        sold.amountMinor === -item.amountMinor &&
        (sold.code === undefined || item.code === undefined
          ? sold.name === item.name
          : sold.code === item.code),
    );
  }

  /** Whether the items, adjustments and taxes make the printed total. */
  isBalanced(taxes: 'added' | 'included' | 'either'): boolean {
    if (this.totalMinor === undefined || this.items.length >= MAX_ITEMS) return false;
    const items = this.items.reduce((sum, item) => sum + item.amountMinor, 0) + this.adjustmentsMinor;
    const sums = taxes === 'included' ? [items] : [items + this.taxMinor];
    if (taxes === 'either') sums.push(items);
    return sums.some((sum) => sum === this.totalMinor || (sum < 0 && sum === -(this.totalMinor ?? 0)));
  }
}

function setMeasure(item: DraftItem, { qty, unit }: Measure): void {
  item.qty = qty;
  item.hasQty = true;
  if (unit !== undefined) item.unit = unit;
}

/** Quantity times unit price is the amount, give or take the rounding of a weighed item. */
function isProduct({ qty, priceMinor }: Measure, amountMinor: number): boolean {
  return priceMinor !== undefined && Math.abs(Math.round(qty * priceMinor) - Math.abs(amountMinor)) <= 1;
}
