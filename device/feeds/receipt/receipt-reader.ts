/**
 * Lines of text to tickets and observations, by a grammar. Pure: time comes in as `now`, SKUs as a lookup.
 *
 * States of a receipt: items -> adjustments (after a subtotal) -> footer (after the total) -> finished (a cut,
 * a new ticket number, or the end of the stream). A ticket that does not add up is kept and flagged.
 */
import { maskCards } from '../card-filter.ts';
import type { FeedEvent } from '../events.ts';
import type { FactKind, LineKind } from './grammar.ts';
import { MAX_LINE } from './grammar.ts';
import { parseMinor, parseQuantity } from './money.ts';
import { type DraftItem, MAX_ITEMS, TicketDraft } from './ticket-draft.ts';
import { settleTicket, type TicketOptions } from './settle-ticket.ts';
import { TicketSequence } from './ticket-sequence.ts';

type Groups = Readonly<Record<string, string | undefined>>;

export class ReceiptReader {
  readonly #options: TicketOptions;
  readonly #sequence: TicketSequence;
  #draft = new TicketDraft();

  constructor(options: TicketOptions) {
    this.#options = options;
    this.#sequence = new TicketSequence(options.lastTicket);
  }

  /** @returns the item code in the line, if it has one, and what the line completed */
  line(text: string): { readonly code?: string; readonly events: readonly FeedEvent[] } {
    const line = text.slice(0, MAX_LINE);
    const events: FeedEvent[] = [];
    const isFact = this.#facts(line, events);
    const rule = this.#options.grammar.lines.find(
      ({ is, sections, pattern }) =>
        sections.has(this.#draft.section) && (!isFact || !describesItem.has(is)) && pattern.test(line),
    );
    if (!rule) {
      this.#draft.lastText = isFact ? undefined : line.trim();
      return { events };
    }
    const groups: Groups = rule.pattern.exec(line)?.groups ?? {};
    this.#apply(rule.is, groups, events);
    this.#draft.lastText = undefined;
    if (this.#draft.items.length >= MAX_ITEMS) events.push(...this.finish());
    const { code } = groups;
    return code === undefined ? { events } : { code, events };
  }

  /** A printer command went by. */
  command(name: string): readonly FeedEvent[] {
    const { endsAt } = this.#options.grammar;
    const ends = endsAt.has(name) && (name === 'cut' || this.#draft.section === 'footer');
    return ends ? this.finish() : [];
  }

  /** Closes the receipt that is being read. */
  finish(): readonly FeedEvent[] {
    const draft = this.#draft;
    this.#draft = new TicketDraft();
    return draft.isEmpty ? [] : settleTicket(draft, this.#sequence, this.#options);
  }

  #facts(line: string, events: FeedEvent[]): boolean {
    let isFact = false;
    const seen = new Set<FactKind>();
    for (const { fact, pattern } of this.#options.grammar.facts) {
      if (seen.has(fact)) continue;
      const match = pattern.exec(line);
      if (!match) continue;
      seen.add(fact);
      isFact = true;
      this.#fact(fact, match.groups ?? {}, events);
    }
    return isFact;
  }

  #fact(fact: FactKind, groups: Groups, events: FeedEvent[]): void {
    switch (fact) {
      case 'ticket': {
        const ticket = groups['ticket'];
        const isNext = this.#draft.section === 'footer' && this.#draft.ticket !== undefined;
        if (isNext && ticket !== this.#draft.ticket) events.push(...this.finish());
        this.#draft.ticket ??= ticket;
        return;
      }
      case 'till':
        this.#draft.till ??= groups['till'];
        return;
      case 'date':
      case 'time':
        for (const [name, value] of Object.entries(groups))
          if (value !== undefined) this.#draft.when[name] ??= value;
        return;
      case 'copy':
      case 'training':
      case 'cancelled':
      case 'report':
        this.#draft.voided ??= fact;
        return;
      case 'refund':
        this.#draft.isRefund = true;
        return;
      default:
        fact satisfies never;
    }
  }

  #apply(is: LineKind, groups: Groups, events: FeedEvent[]): void {
    const draft = this.#draft;
    const amount = this.#money(groups['amount']);
    switch (is) {
      case 'item':
        this.#item('sale', groups, amount);
        return;
      case 'void':
      case 'return':
        if (amount === undefined) draft.markNext(is);
        else this.#item(is, groups, amount);
        return;
      case 'quantity':
        this.#quantity(groups, amount);
        return;
      case 'code':
        if (groups['code'] !== undefined) draft.addCode(groups['code']);
        return;
      case 'discount':
        draft.adjustmentsMinor -= Math.abs(amount ?? 0);
        return;
      case 'charge':
        draft.adjustmentsMinor += amount ?? 0;
        return;
      case 'tax':
        draft.taxMinor += amount ?? 0;
        return;
      case 'subtotal':
        draft.section = 'adjustments';
        return;
      case 'total':
        draft.totalMinor = amount;
        draft.section = 'footer';
        return;
      case 'start':
        events.push(...this.finish());
        return;
      case 'end':
        events.push(...this.finish());
        return;
      case 'ignore':
        return;
      default:
        is satisfies never;
    }
  }

  #item(kind: DraftItem['kind'], groups: Groups, amountMinor: number | undefined): void {
    if (amountMinor === undefined) return;
    const { code, name, unit } = groups;
    const qty = groups['qty'] === undefined ? undefined : parseQuantity(groups['qty']);
    const printed = name === undefined ? undefined : maskCards(name.trim()).text;
    const isKnown = printed !== undefined && (this.#options.knowsItem?.(printed) ?? false);
    this.#draft.addItem(
      {
        kind,
        qty: qty ?? 1,
        hasQty: qty !== undefined,
        amountMinor,
        ...(printed === undefined ? {} : { name: printed }),
        ...(code === undefined ? {} : { code }),
        ...(unit === undefined ? {} : { unit: unit.toLowerCase() }),
      },
      isKnown,
    );
  }

  #quantity(groups: Groups, amountMinor: number | undefined): void {
    const qty = parseQuantity(groups['qty'] ?? '');
    if (qty === undefined) return;
    const { unit } = groups;
    const priceMinor = this.#money(groups['price']);
    const isSecondLine = amountMinor !== undefined && amountMinor !== this.#draft.last?.amountMinor;
    if (isSecondLine && this.#draft.lastText !== undefined) {
      this.#item('sale', { ...groups, ...nameAndCode(this.#draft.lastText) }, amountMinor);
      return;
    }
    this.#draft.addMeasure({
      qty,
      ...(unit === undefined ? {} : { unit: unit.toLowerCase() }),
      ...(priceMinor === undefined ? {} : { priceMinor }),
    });
  }

  #money(text: string | undefined): number | undefined {
    const { currencyDigits, decimal } = this.#options.grammar;
    return text === undefined ? undefined : parseMinor(text, { digits: currencyDigits, decimal });
  }
}

/** Kinds that a line which names the ticket, the till or the date is never taken for. */
const describesItem: ReadonlySet<LineKind> = new Set([
  'item',
  'charge',
  'quantity',
  'code',
  'void',
  'return',
]);

/** The first line of a two-line item may carry its code, before or after the name. */
function nameAndCode(text: string): Groups {
  const match = /^(?:(?<before>\d{6,14})\s+)?(?<name>.*?\S)(?:\s+(?<after>\d{6,14})[A-Z]{0,2})?$/iu.exec(
    text,
  );
  const code = match?.groups?.['before'] ?? match?.groups?.['after'];
  return { name: match?.groups?.['name'] ?? text, ...(code === undefined ? {} : { code }) };
}
