/**
 * POSLog XML to tickets and observations. Transactions need not be in order of time or number, so missing numbers
 * are reported at the end of the document, over everything it held.
 */
import type { Observation } from '@truecount/protocol';
import { maskCards } from '../card-filter.ts';
import { Counter } from '../counter.ts';
import type { Decoder, FeedEvent, SkuLookup, Tally, TicketLine } from '../events.ts';
import { gtin14Of } from '../scanner/check-digit.ts';
import { TicketSet } from './ticket-set.ts';
import { type RetailTransaction, readTransaction } from './retail-transaction.ts';
import { type Frame, TransactionFramer } from './transaction-framer.ts';
import { parseXml } from './xml-tree.ts';

export interface PoslogOptions {
  /** Of the store, for times without an offset. */
  readonly timeZone?: string;
  readonly skuOf: SkuLookup;
  readonly now: () => number;
}

export function poslogDecoder(options: PoslogOptions): Decoder {
  return new PoslogDecoder(options);
}

class PoslogDecoder implements Decoder {
  readonly #options: PoslogOptions;
  readonly #framer = new TransactionFramer();
  readonly #errors = new Counter();
  readonly #seen = new TicketSet();
  #bytes = 0;
  #refusedBytes = 0;
  #transactions = 0;
  #tickets = 0;

  constructor(options: PoslogOptions) {
    this.#options = options;
  }

  push(bytes: Uint8Array): readonly FeedEvent[] {
    this.#bytes += bytes.length;
    return this.#framer.push(bytes).flatMap((frame) => this.#read(frame));
  }

  idle(): readonly FeedEvent[] {
    return [];
  }

  end(): readonly FeedEvent[] {
    const events = this.#framer.end().flatMap((frame) => this.#read(frame));
    events.push(...this.#gaps());
    if (this.#transactions === 0 && this.#bytes > 0)
      events.push(this.#refuse('no POSLog transaction in the input', ''));
    events.push({
      type: 'summary',
      bytes: this.#bytes,
      transactions: this.#transactions,
      tickets: this.#tickets,
      unknownBytes: this.#framer.strayChars,
      errors: this.#errors.toJSON(),
    });
    return events;
  }

  tally(): Tally {
    const garbled = this.#framer.strayChars + this.#refusedBytes;
    return { bytes: this.#bytes, garbled, errors: this.#errors.toJSON() };
  }

  #read(frame: Frame): FeedEvent[] {
    switch (frame.kind) {
      case 'document-end':
        return this.#gaps();
      case 'broken':
        this.#refusedBytes += frame.head.length;
        return [this.#refuse(frame.reason, frame.head)];
      case 'transaction': {
        this.#transactions++;
        const parsed = parseXml(frame.xml);
        const read = parsed.ok ? readTransaction(parsed.root, this.#options.timeZone ?? 'UTC') : parsed;
        if (read.ok) return this.#say(read.transaction);
        this.#refusedBytes += frame.xml.length;
        return [this.#refuse(read.reason, frame.xml.slice(0, 200))];
      }
      default:
        return frame satisfies never;
    }
  }

  #gaps(): FeedEvent[] {
    return this.#seen.takeGaps().map((gap) => ({ type: 'ticket-gap', ...gap }));
  }

  #refuse(reason: string, raw: string): FeedEvent {
    this.#errors.add('refused-transaction');
    return { type: 'refused', reason: maskCards(reason).text, raw: maskCards(raw).text };
  }

  #say({ till, ticket, day, atMs, sale }: RetailTransaction): FeedEvent[] {
    this.#seen.add(till, ticket);
    if (!sale) return [];
    this.#tickets++;
    if (!sale.balanced) this.#errors.add('unbalanced-ticket');
    const t = new Date(atMs ?? this.#options.now()).toISOString();
    const lines = sale.lines.map((line) => this.#withSku(line));
    const events: FeedEvent[] = [
      {
        type: 'ticket',
        ticket,
        till,
        t,
        lines,
        ...(sale.tax ? { tax: sale.tax } : {}),
        ...(sale.total === undefined ? {} : { total: sale.total }),
        balanced: sale.balanced,
        ...(sale.voided ? { voided: sale.voided } : {}),
      },
    ];
    if (sale.voided) return events;
    for (const line of lines) events.push(this.#observe(line, { till, ticket, day, t }));
    return events;
  }

  #withSku(line: Omit<TicketLine, 'sku'>): TicketLine {
    const gtin = line.code === undefined ? undefined : gtin14Of(line.code);
    const name = line.name === undefined ? undefined : maskCards(line.name).text;
    const sku = this.#options.skuOf({
      ...(line.code === undefined ? {} : { code: line.code }),
      ...(gtin === undefined ? {} : { gtin }),
      ...(name === undefined ? {} : { name }),
    });
    return { ...line, ...(name === undefined ? {} : { name }), ...(sku === undefined ? {} : { sku }) };
  }

  #observe(
    line: TicketLine,
    about: {
      readonly till: string;
      readonly ticket: string;
      readonly day: string | undefined;
      readonly t: string;
    },
  ): FeedEvent {
    if (line.sku === undefined) {
      this.#errors.add('unknown-item');
      const what = line.code ?? line.name ?? `line ${line.line}`;
      return { type: 'refused', reason: `no SKU is known for "${what}"`, raw: what };
    }
    const { till, ticket, day, t } = about;
    const common = { t, sku: line.sku.slice(0, 64), till, ticket, line: line.line };
    const observation: Observation =
      line.kind === 'return'
        ? { type: 'return', ...common, qty: line.qty }
        : { type: 'sale', ...common, qty: line.kind === 'void' ? -line.qty : line.qty };
    return {
      type: 'observation',
      observation,
      key: `${till}/${day ?? ''}/${ticket}/${line.line}`,
      source: `ticket ${ticket} line ${line.line}`,
    };
  }
}
