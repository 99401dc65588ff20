/** A finished receipt as its ticket and the observations that follow from it. */
import type { Observation } from '@truecount/protocol';
import type { FeedEvent, SkuLookup, TicketEvent, TicketLine } from '../events.ts';
import { gtin14Of } from '../scanner/check-digit.ts';
import type { CompiledGrammar } from './grammar.ts';
import { dayOf } from './local-time.ts';
import { toMajor } from './money.ts';
import { type PrintedTimeRules, printedTime } from './printed-time.ts';
import type { DraftItem, TicketDraft } from './ticket-draft.ts';
import type { LastTicket, TicketSequence } from './ticket-sequence.ts';

export interface TicketOptions extends Omit<PrintedTimeRules, 'dateOrder'> {
  readonly grammar: CompiledGrammar;
  /** The till when the receipt does not say. */
  readonly till?: string;
  readonly skuOf: SkuLookup;
  /** Whether the shop sells something printed under this name; without it nobody knows. */
  readonly knowsItem?: (name: string) => boolean;
  /** The last ticket known from before, to notice the ones printed while nobody listened. */
  readonly lastTicket?: LastTicket;
  readonly now: () => number;
  readonly count: (code: string) => void;
}

export function settleTicket(
  draft: TicketDraft,
  sequence: TicketSequence,
  options: TicketOptions,
): FeedEvent[] {
  const { grammar, now, count } = options;
  const printed = printedTime(draft.when, now(), { ...options, dateOrder: grammar.dateOrder });
  if (printed.refused) count('printed-time');
  const isDaily = grammar.numbering === 'daily';
  const day = printed.day ?? (isDaily ? dayOf(printed.atMs, options.timeZone ?? 'UTC') : undefined);
  const ticket = ticketEvent(draft, new Date(printed.atMs).toISOString(), options);
  const events: FeedEvent[] = [];
  if (draft.ticket !== undefined && !draft.voided) {
    const gap = sequence.see(ticket.till ?? '', draft.ticket, isDaily ? day : undefined);
    if (gap) events.push({ type: 'ticket-gap', ...gap });
  }
  if (!ticket.balanced && !draft.voided) count('unbalanced-ticket');
  events.push(ticket);
  if (draft.voided) return events;
  const ticketId = day === undefined ? draft.ticket : `${day}/${draft.ticket}`;
  for (const line of ticket.lines) events.push(observe(line, ticket, { ticketId, count }));
  return events;
}

function ticketEvent(draft: TicketDraft, t: string, options: TicketOptions): TicketEvent {
  const { grammar } = options;
  const till = draft.till ?? options.till;
  const major = (minor: number) => toMajor(minor, grammar.currencyDigits);
  return {
    type: 'ticket',
    ...(draft.ticket === undefined ? {} : { ticket: draft.ticket }),
    ...(till === undefined ? {} : { till }),
    t,
    lines: draft.items.map((item, at) => ticketLine(item, at + 1, options)),
    ...(draft.adjustmentsMinor === 0 ? {} : { adjustments: major(draft.adjustmentsMinor) }),
    ...(draft.taxMinor === 0 ? {} : { tax: major(draft.taxMinor) }),
    ...(draft.totalMinor === undefined ? {} : { total: major(draft.totalMinor) }),
    balanced: draft.isBalanced(grammar.taxes),
    ...(draft.voided ? { voided: draft.voided } : {}),
  };
}

function ticketLine(item: DraftItem, line: number, { skuOf, grammar }: TicketOptions): TicketLine {
  const { code, name, unit } = item;
  const gtin = code === undefined ? undefined : gtin14Of(code);
  const printed = { ...(name === undefined ? {} : { name }), ...(code === undefined ? {} : { code }) };
  const sku = skuOf({ ...printed, ...(gtin === undefined ? {} : { gtin }) });
  return {
    line,
    kind: item.kind,
    ...printed,
    ...(sku === undefined ? {} : { sku }),
    qty: item.qty,
    ...(unit === undefined ? {} : { unit }),
    amount: toMajor(item.amountMinor, grammar.currencyDigits),
  };
}

interface Observing {
  readonly ticketId: string | undefined;
  readonly count: (code: string) => void;
}

function observe(
  line: TicketLine,
  { t, till, ticket }: TicketEvent,
  { ticketId, count }: Observing,
): FeedEvent {
  if (line.sku === undefined) {
    count('unknown-item');
    const what = line.name ?? line.code ?? `line ${line.line}`;
    return { type: 'refused', reason: `no SKU is known for "${what}"`, raw: line.code ?? what };
  }
  const about = {
    t,
    sku: line.sku.slice(0, 64),
    ...(till === undefined ? {} : { till }),
    ...(ticket === undefined ? {} : { ticket, line: line.line }),
  };
  const observation: Observation =
    line.kind === 'return'
      ? { type: 'return', ...about, qty: line.qty }
      : { type: 'sale', ...about, qty: line.kind === 'void' ? -line.qty : line.qty };
  return {
    type: 'observation',
    observation,
    source: `${ticket === undefined ? 'a ticket without number' : `ticket ${ticket}`} line ${line.line}`,
    ...(ticket === undefined ? {} : { key: `${till ?? ''}/${ticketId}/${line.line}` }),
  };
}
