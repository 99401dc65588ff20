/**
 * The POS tap: the bytes a till sends to its receipt printer, as lines, commands, tickets and observations.
 * Composes the command reader, the text reader and the receipt reader; holds no more than one receipt.
 */
import { maskCards } from '../card-filter.ts';
import { Counter } from '../counter.ts';
import type { Decoder, FeedEvent, SkuLookup, Tally } from '../events.ts';
import type { CompiledGrammar } from '../receipt/grammar.ts';
import { ReceiptReader } from '../receipt/receipt-reader.ts';
import type { LastTicket } from '../receipt/ticket-sequence.ts';
import { gtin14Of } from '../scanner/check-digit.ts';
import { CommandReader } from './command-reader.ts';
import type { Command } from './command-table.ts';
import { escposTable } from './command-table.ts';
import { starTable } from './star-table.ts';
import { type TextLine, TextReader } from './text-reader.ts';

export interface EscposOptions {
  readonly grammar: CompiledGrammar;
  readonly dialect?: 'epson' | 'star';
  /** Encodings by ESC t number, where this printer differs from Epson's list. */
  readonly codeTables?: Readonly<Record<number, string>>;
  /** The code table in force before any ESC t. */
  readonly codeTable?: number;
  readonly multiByte?: string;
  readonly till?: string;
  readonly timeZone?: string;
  readonly maxAgeMs?: number;
  readonly skuOf: SkuLookup;
  readonly knowsItem?: (name: string) => boolean;
  readonly lastTicket?: LastTicket;
  readonly now: () => number;
}

export function escposDecoder(options: EscposOptions): Decoder {
  return new EscposDecoder(options);
}

class EscposDecoder implements Decoder {
  readonly #errors = new Counter();
  readonly #commands: CommandReader;
  readonly #text: TextReader;
  readonly #receipts: ReceiptReader;
  readonly #symbols = new Map<string, string>();
  #events: FeedEvent[] = [];
  #bytes = 0;
  #garbled = 0;
  #dropped = 0;
  #lines = 0;
  #tickets = 0;
  #inBitImage = false;

  constructor(options: EscposOptions) {
    const table = options.dialect === 'star' ? starTable : escposTable;
    this.#receipts = new ReceiptReader({
      ...options,
      count: (code) => this.#errors.add(code),
    });
    this.#text = new TextReader(
      {
        codeTables: { ...table.codeTables, ...options.codeTables },
        codeTable: options.codeTable ?? 0,
        ...(options.multiByte === undefined ? {} : { multiByte: options.multiByte }),
      },
      (line) => this.#line(line),
      (isFirst) => {
        this.#dropped++;
        if (isFirst) this.#errors.add('long-line');
      },
    );
    this.#commands = new CommandReader(table, {
      text: (byte) => this.#text.text(byte),
      command: (command, args) => this.#command(command, args),
      garbage: (what, bytes) => {
        this.#garbled += bytes;
        this.#errors.add(what, bytes);
      },
    });
  }

  push(bytes: Uint8Array): readonly FeedEvent[] {
    this.#bytes += bytes.length;
    this.#commands.push(bytes);
    return this.#take();
  }

  idle(): readonly FeedEvent[] {
    this.#commands.abandon();
    return this.#take();
  }

  end(): readonly FeedEvent[] {
    this.#commands.abandon();
    this.#text.flush();
    this.#say(this.#receipts.finish());
    this.#events.push({
      type: 'summary',
      bytes: this.#bytes,
      lines: this.#lines,
      tickets: this.#tickets,
      unknownBytes: this.#garbled,
      droppedBytes: this.#dropped,
      cardNumbers: this.#errors.get('card-number'),
      errors: this.#errors.toJSON(),
    });
    return this.#take();
  }

  tally(): Tally {
    return { bytes: this.#bytes, garbled: this.#garbled + this.#dropped, errors: this.#errors.toJSON() };
  }

  #take(): readonly FeedEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #line({ text, undecodable }: TextLine): void {
    this.#lines++;
    this.#inBitImage = false;
    if (undecodable > 0) this.#errors.add('undecodable-character', undecodable);
    const { text: readable } = maskCards(text, isGtin);
    const { code, events } = this.#receipts.line(readable);
    this.#events.push({ type: 'line', text: this.#mask(text, (run) => run === code && isGtin(run)) });
    this.#say(events);
  }

  #command(command: Command, args: readonly number[]): void {
    const effect = command.effect?.(args);
    if (effect) this.#text.apply(effect);
    const said = command.event?.(args);
    if (effect?.effect === 'initialize') this.#say(this.#receipts.command('initialize'));
    if (!said) return;
    if (said.name === 'cut') this.#text.flush();
    this.#announce(said.name, said.data);
    if (said.name === 'cut') this.#say(this.#receipts.command('cut'));
  }

  /** Two-dimensional symbols are stored first and printed later; pictures sent in stripes are one picture. */
  #announce(name: string, data: string | undefined): void {
    const text = data && this.#mask(data, isGtin);
    if (name.endsWith('-store')) {
      this.#symbols.set(name.slice(0, -'-store'.length), text ?? '');
      return;
    }
    const printed = name.endsWith('-print') ? name.slice(0, -'-print'.length) : name;
    const isStripe = printed === 'image' && this.#inBitImage;
    this.#inBitImage = printed === 'image';
    if (isStripe) return;
    const content = text ?? this.#symbols.get(printed);
    this.#events.push({
      type: 'command',
      name: printed,
      ...(content === undefined ? {} : { data: content }),
    });
  }

  #say(events: readonly FeedEvent[]): void {
    for (const event of events) {
      if (event.type === 'ticket') this.#tickets++;
      this.#events.push(event);
    }
  }

  #mask(text: string, keep: (run: string) => boolean): string {
    const masked = maskCards(text, keep);
    if (masked.cards > 0) this.#errors.add('card-number', masked.cards);
    return masked.text;
  }
}

const isGtin = (digits: string): boolean => gtin14Of(digits) !== undefined;
