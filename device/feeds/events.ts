/**
 * What a feed can say. Decoders are pure: bytes in, events out, no clock but the one given to them, no I/O.
 * An observation event is what the ledger keeps; everything else is for screens, logs and `truecount decode`.
 */
import type { FeedObservation } from '@truecount/protocol';

/** One line of printed text, in the code page in force. */
export interface LineEvent {
  readonly type: 'line';
  readonly text: string;
}

/** A printer command that means something outside the paper: a cut, the drawer, a picture, a barcode. */
export interface CommandEvent {
  readonly type: 'command';
  readonly name: string;
  readonly data?: string;
}

export interface TicketLine {
  /** 1-based position among the ticket's items. */
  readonly line: number;
  readonly kind: 'sale' | 'void' | 'return';
  readonly name?: string;
  readonly code?: string;
  readonly sku?: string;
  readonly qty: number;
  readonly unit?: string;
  /** Major units, signed: negative for a void or a return. */
  readonly amount: number;
}

export interface TicketEvent {
  readonly type: 'ticket';
  readonly ticket?: string;
  readonly till?: string;
  readonly t: string;
  readonly lines: readonly TicketLine[];
  /** Discounts and charges printed apart from the items, major units, signed. */
  readonly adjustments?: number;
  readonly tax?: number;
  readonly total?: number;
  /** The items, adjustments and taxes add up to the printed total. */
  readonly balanced: boolean;
  /** Printed again, for training, cancelled, or a till's report: kept, but nothing moved. */
  readonly voided?: 'copy' | 'training' | 'cancelled' | 'report';
}

export interface TicketGapEvent {
  readonly type: 'ticket-gap';
  readonly till: string;
  readonly after: number;
  readonly before: number;
  readonly missing: number;
}

export interface ScanEvent {
  readonly type: 'scan';
  /** AIM symbology identifier, when the scanner sent one. */
  readonly symbology?: string;
  /** Always 14 digits. */
  readonly gtin?: string;
  readonly ais?: Readonly<Record<string, string>>;
  readonly text: string;
  readonly lot?: string;
  readonly serial?: string;
  /** ISO dates (`2026-12-31`). */
  readonly expiry?: string;
  readonly bestBefore?: string;
  readonly weightGrams?: number;
  /** Decimal text, because the code fixes the number of decimals; currency is the ISO 4217 number. */
  readonly price?: { readonly amount: string; readonly currency?: string };
  readonly quantity?: number;
}

export interface WeightEvent {
  readonly type: 'weight';
  readonly grams: number;
  readonly stable: boolean;
}

/** Input that broke its own rules. It is reported and skipped, never guessed at. */
export interface RefusedEvent {
  readonly type: 'refused';
  readonly reason: string;
  readonly raw: string;
  /** 1-based, for files. */
  readonly line?: number;
}

export interface ObservationEvent extends FeedObservation {
  readonly type: 'observation';
}

export interface SummaryEvent {
  readonly type: 'summary';
  readonly bytes: number;
  readonly [count: string]: number | string | Readonly<Record<string, number>>;
}

export type FeedEvent =
  | LineEvent
  | CommandEvent
  | TicketEvent
  | TicketGapEvent
  | ScanEvent
  | WeightEvent
  | RefusedEvent
  | ObservationEvent
  | SummaryEvent;

/** Counts since the decoder was made. `garbled` are the bytes that made no sense. */
export interface Tally {
  readonly bytes: number;
  readonly garbled: number;
  readonly errors: Readonly<Record<string, number>>;
}

/**
 * A streaming decoder. The same bytes give the same events however they are cut into pushes; memory is
 * bounded whatever the bytes are; no method throws on any input.
 */
export interface Decoder {
  push(bytes: Uint8Array): readonly FeedEvent[];
  /** The line has gone quiet or was lost: settle what waits for more bytes, drop what is half read. */
  idle(): readonly FeedEvent[];
  /** The source has ended. */
  end(): readonly FeedEvent[];
  tally(): Tally;
}

/** How a decoder finds the SKU of what was sold. `gtin` is 14 digits and has a right check digit. */
export interface ItemIdentity {
  readonly code?: string;
  readonly gtin?: string;
  readonly name?: string;
}
export type SkuLookup = (item: ItemIdentity) => string | undefined;
