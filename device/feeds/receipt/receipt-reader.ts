/**
 * Lines of text to tickets and observations, by a grammar. Pure: time comes in as `now`, SKUs as a lookup.
 *
 * States of a receipt: items -> adjustments (after a subtotal) -> footer (after the total) -> finished (a cut,
 * a new ticket number, or the end of the stream). A ticket that does not add up is kept and flagged.
 */
import type { Observation } from '@truecount/protocol';
import { maskCards } from '../card-filter.ts';
import type { FeedEvent, SkuLookup, TicketEvent, TicketLine } from '../events.ts';
import { gtin14Of } from '../scanner/check-digit.ts';
import type { CompiledGrammar, FactKind, LineKind } from './grammar.ts';
import { MAX_LINE } from './grammar.ts';
import { dayOf } from './local-time.ts';
import { parseMinor, parseQuantity, toMajor } from './money.ts';
import { type DraftItem, MAX_ITEMS, TicketDraft } from './ticket-draft.ts';
import { type LastTicket, TicketSequence } from './ticket-sequence.ts';
import { type PrintedTimeRules, printedTime } from './printed-time.ts';

export interface ReceiptReaderOptions extends Omit<PrintedTimeRules, 'dateOrder'> {
  readonly grammar: CompiledGrammar;
  /** The till when the receipt does not say. */
  readonly till?: string;
  readonly skuOf: SkuLookup;
  /** The last ticket known from before, to notice the ones printed while nobody listened. */
  readonly lastTicket?: LastTicket;
  readonly now: () => number;
  readonly count: (code: string) => void;
}

type Groups = Readonly<Record<string, string | undefined>>;

export class ReceiptReader {
  readonly #options: ReceiptReaderOptions;
  readonly #sequence: TicketSequence;
  #draft = new TicketDraft();

  constructor(options: ReceiptReaderOptions) {
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
    return draft.isEmpty ? [] : this.#settle(draft);
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
    this.#draft.addItem({
      kind,
      qty: qty ?? 1,
      hasQty: qty !== undefined,
      amountMinor,
      ...(name === undefined ? {} : { name: maskCards(name.trim()).text }),
      ...(code === undefined ? {} : { code }),
      ...(unit === undefined ? {} : { unit: unit.toLowerCase() }),
    });
  }

  #quantity(groups: Groups, amountMinor: number | undefined): void {
    const qty = parseQuantity(groups['qty'] ?? '');
    if (qty === undefined) return;
    const { unit } = groups;
    const priceMinor = this.#money(groups['price']);
    const isSecondLine = amountMinor !== undefined && amountMinor !== this.#draft.last?.amountMinor;
    if (isSecondLine && this.#draft.lastText !== undefined) {
      this.#item('sale', { ...groups, name: this.#draft.lastText }, amountMinor);
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

  #settle(draft: TicketDraft): FeedEvent[] {
    const { grammar, now, count } = this.#options;
    const nowMs = now();
    const printed = printedTime(draft.when, nowMs, { ...this.#options, dateOrder: grammar.dateOrder });
    if (printed.refused) count('printed-time');
    const t = new Date(printed.atMs).toISOString();
    const till = draft.till ?? this.#options.till;
    const isDaily = grammar.numbering === 'daily';
    const day = printed.day ?? (isDaily ? dayOf(printed.atMs, this.#options.timeZone ?? 'UTC') : undefined);
    const event = this.#ticketEvent(draft, t, till);
    const events: FeedEvent[] = [];
    if (draft.ticket !== undefined && !draft.voided) {
      const gap = this.#sequence.see(till ?? '', draft.ticket, isDaily ? day : undefined);
      if (gap) events.push({ type: 'ticket-gap', ...gap });
    }
    if (!event.balanced) count('unbalanced-ticket');
    events.push(event);
    if (!draft.voided) {
      const ticketId = day === undefined ? draft.ticket : `${day}/${draft.ticket}`;
      for (const line of event.lines) events.push(...this.#observe(line, event, ticketId));
    }
    return events;
  }

  #ticketEvent(draft: TicketDraft, t: string, till: string | undefined): TicketEvent {
    const { grammar } = this.#options;
    const major = (minor: number) => toMajor(minor, grammar.currencyDigits);
    return {
      type: 'ticket',
      ...(draft.ticket === undefined ? {} : { ticket: draft.ticket }),
      ...(till === undefined ? {} : { till }),
      t,
      lines: draft.items.map((item, at) => this.#ticketLine(item, at + 1)),
      ...(draft.adjustmentsMinor === 0 ? {} : { adjustments: major(draft.adjustmentsMinor) }),
      ...(draft.taxMinor === 0 ? {} : { tax: major(draft.taxMinor) }),
      ...(draft.totalMinor === undefined ? {} : { total: major(draft.totalMinor) }),
      balanced: draft.isBalanced(grammar.taxes),
      ...(draft.voided ? { voided: draft.voided } : {}),
    };
  }

  #ticketLine(item: DraftItem, line: number): TicketLine {
    const gtin = item.code === undefined ? undefined : gtin14Of(item.code);
    const sku = this.#options.skuOf({
      ...(item.code === undefined ? {} : { code: item.code }),
      ...(item.name === undefined ? {} : { name: item.name }),
      ...(gtin === undefined ? {} : { gtin }),
    });
    return {
      line,
      kind: item.kind,
      ...(item.name === undefined ? {} : { name: item.name }),
      ...(item.code === undefined ? {} : { code: item.code }),
      ...(sku === undefined ? {} : { sku }),
      qty: item.qty,
      ...(item.unit === undefined ? {} : { unit: item.unit }),
      amount: toMajor(item.amountMinor, this.#options.grammar.currencyDigits),
    };
  }

  #observe(line: TicketLine, event: TicketEvent, ticketId: string | undefined): FeedEvent[] {
    if (line.sku === undefined) {
      this.#options.count('unknown-item');
      const what = line.name ?? line.code ?? `line ${line.line}`;
      return [{ type: 'refused', reason: `no SKU is known for "${what}"`, raw: line.code ?? what }];
    }
    const about = {
      t: event.t,
      sku: line.sku.slice(0, 64),
      ...(event.till === undefined ? {} : { till: event.till }),
      ...(event.ticket === undefined ? {} : { ticket: event.ticket, line: line.line }),
    };
    const observation: Observation =
      line.kind === 'return'
        ? { type: 'return', ...about, qty: line.qty }
        : { type: 'sale', ...about, qty: line.kind === 'void' ? -line.qty : line.qty };
    const named = event.ticket === undefined ? 'a ticket without number' : `ticket ${event.ticket}`;
    return [
      {
        type: 'observation',
        observation,
        source: `${named} line ${line.line}`,
        ...(ticketId === undefined ? {} : { key: `${event.till ?? ''}/${ticketId}/${line.line}` }),
      },
    ];
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
