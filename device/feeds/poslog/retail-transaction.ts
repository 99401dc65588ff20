/**
 * What one POSLog Transaction says about stock (ARTS / OMG IXRetail POSLog; NCR ACS adds gross totals).
 *
 * A line item with VoidFlag either takes back an earlier line of the same item and amount (or carries negative
 * figures itself), or, when there is none, is itself the line that never happened.
 */
import { currencyDigits } from '@truecount/protocol';
import type { TicketLine } from '../events.ts';
import { instantOf } from '../receipt/local-time.ts';
import { decimalToMinor, toMajor } from '../receipt/money.ts';
import { childOf, childrenOf, isFlagged, textOf, type XmlElement } from './xml-tree.ts';

export interface RetailTransaction {
  readonly till: string;
  readonly ticket: string;
  readonly day: string | undefined;
  readonly atMs: number | undefined;
  /** Undefined for sign-ons and other transactions that move no goods. */
  readonly sale:
    | {
        readonly lines: readonly Omit<TicketLine, 'sku'>[];
        readonly tax: number | undefined;
        readonly total: number | undefined;
        readonly balanced: boolean;
        readonly voided: 'training' | 'cancelled' | undefined;
      }
    | undefined;
}

export type TransactionRead =
  | { readonly ok: true; readonly transaction: RetailTransaction }
  | { readonly ok: false; readonly reason: string };

interface Line {
  readonly line: number;
  kind: 'sale' | 'void' | 'return';
  readonly code?: string;
  readonly name?: string;
  readonly unit?: string;
  readonly qty: number;
  amountMinor: number;
}

const CANCELLED = /^(?:post-?)?(?:void|cancel|suspend|abort)/i;
const MAX_QTY = 100_000;

export function readTransaction(root: XmlElement, timeZone: string): TransactionRead {
  const ticket = textOf(root, 'SequenceNumber');
  const till = textOf(root, 'WorkstationID');
  if (!ticket || !till) return { ok: false, reason: 'transaction lacks SequenceNumber or WorkstationID' };
  const retail = childOf(root, 'RetailTransaction');
  const day = textOf(root, 'BusinessDayDate')?.slice(0, 10);
  const when =
    textOf(root, 'EndDateTime') ?? textOf(retail, 'ReceiptDateTime') ?? textOf(root, 'BeginDateTime');
  const atMs = when === undefined ? undefined : readInstant(when, timeZone);
  if (when !== undefined && atMs === undefined)
    return { ok: false, reason: `"${when.slice(0, 40)}" is no date and time` };
  const sale = retail && readSale(root, retail);
  if (sale && 'reason' in sale) return { ok: false, reason: sale.reason };
  return { ok: true, transaction: { till, ticket, day, atMs, sale } };
}

function readInstant(text: string, timeZone: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[-+]\d{2}:?\d{2})?$/.exec(
    text,
  );
  if (!match) return undefined;
  if (match[7]) {
    const atMs = Date.parse(text);
    return Number.isNaN(atMs) ? undefined : atMs;
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  return instantOf({ year, month, day, hour, minute, second }, timeZone);
}

function readSale(
  root: XmlElement,
  retail: XmlElement,
): NonNullable<RetailTransaction['sale']> | { readonly reason: string } {
  const digits = digitsIn(textOf(root, 'CurrencyCode'));
  const lines: Line[] = [];
  for (const item of childrenOf(retail, 'LineItem')) {
    const line = readLine(item, lines, digits);
    if (line && 'reason' in line) return line;
    if (line) lines.push(line);
  }
  const totals = new Map(
    childrenOf(retail, 'Total').map((total) => [
      (total.attributes['TotalType'] ?? '').replace(/^\w+:/, ''),
      decimalToMinor(total.text, digits),
    ]),
  );
  const totalMinor = totals.get('TransactionGrandAmount');
  const taxMinor = totals.get('TransactionTaxAmount');
  const status = retail.attributes['TransactionStatus'] ?? '';
  const isCancelled =
    isFlagged(root, 'CancelFlag') || isFlagged(retail, 'CancelFlag') || CANCELLED.test(status);
  const isTraining = isFlagged(root, 'TrainingModeFlag');
  return {
    lines: lines.map(({ amountMinor, ...line }) => ({ ...line, amount: toMajor(amountMinor, digits) })),
    tax: taxMinor === undefined ? undefined : toMajor(taxMinor, digits),
    total: totalMinor === undefined ? undefined : toMajor(totalMinor, digits),
    balanced: isBalanced(lines, totals),
    voided: isTraining ? 'training' : isCancelled ? 'cancelled' : undefined,
  };
}

/** @returns undefined for a line item that moves no goods */
function readLine(
  item: XmlElement,
  earlier: readonly Line[],
  digits: number,
): Line | { readonly reason: string } | undefined {
  const returned = childOf(item, 'Return');
  const goods = childOf(item, 'Sale') ?? returned;
  if (!goods) return undefined;
  const line = Number(textOf(item, 'SequenceNumber') ?? Number.NaN);
  const code = textOf(goods, 'ItemID') ?? textOf(childOf(goods, 'POSIdentity'), 'POSItemID');
  const quantity = childOf(goods, 'Quantity');
  const signedQty = quantity ? Number(quantity.text.trim()) : 1;
  const amount = textOf(goods, 'ExtendedAmount') ?? '0';
  const signedMinor = decimalToMinor(amount, digits);
  if (!Number.isInteger(line) || line < 0) return { reason: 'line item without a SequenceNumber' };
  if (!Number.isFinite(signedQty) || Math.abs(signedQty) > MAX_QTY || signedMinor === undefined)
    return { reason: `line ${line}: quantity or amount is no number` };
  const name = textOf(goods, 'Description');
  const unit = quantity?.attributes['UnitOfMeasureCode'] ?? quantity?.attributes['UnitOfMeasure'];
  const isNegative = signedQty < 0 || signedMinor < 0;
  const amountMinor = Math.abs(signedMinor);
  const wasSold = earlier.some(
    (sold) => sold.kind === 'sale' && sold.code === code && sold.amountMinor === amountMinor,
  );
  const isVoid = isFlagged(item, 'VoidFlag');
  if (isVoid && !isNegative && !wasSold) return undefined;
  const takesBack = isVoid || (isNegative && !returned && wasSold);
  const kind = takesBack ? 'void' : returned || isNegative ? 'return' : 'sale';
  return {
    line,
    kind,
    ...(code === undefined ? {} : { code: code.slice(0, 64) }),
    ...(name === undefined ? {} : { name: name.slice(0, 200) }),
    ...(unit === undefined ? {} : { unit }),
    qty: Math.abs(signedQty),
    amountMinor: kind === 'sale' ? amountMinor : -amountMinor,
  };
}

/** The grand total is the items plus tax, less what the log lists as given away. */
function isBalanced(lines: readonly Line[], totals: ReadonlyMap<string, number | undefined>): boolean {
  const total = totals.get('TransactionGrandAmount');
  if (total === undefined) return false;
  const goods =
    lines.reduce((sum, line) => sum + line.amountMinor, 0) + (totals.get('TransactionTaxAmount') ?? 0);
  const reductions = [0, totals.get('GrossNegative') ?? 0, -(totals.get('DiscountTotal') ?? 0)];
  return reductions.some((reduction) => goods + reduction === total);
}

/** Digits of the amounts; two where the log names no currency or none that could be one. */
const digitsIn = (currency: string | undefined): number =>
  currency && /^[A-Z]{3}$/.test(currency) ? currencyDigits(currency) : 2;
