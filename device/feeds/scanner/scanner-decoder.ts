/** A barcode scanner on a serial line (or its recorded bytes): one scan per line. Holds at most one line. */
import { maskCards } from '../card-filter.ts';
import { Counter } from '../counter.ts';
import type { Decoder, FeedEvent, Tally } from '../events.ts';
import { LineSplitter, type Split } from '../line-splitter.ts';
import { decodeText, printable } from '../printable.ts';
import { readScan } from './scan.ts';

/** The largest QR code holds 7,089 digits. */
const MAX_SCAN_BYTES = 8192;
const STX = '\u0002';
const ETX = '\u0003';
/** Control characters that a scan may hold: EOT, GS and RS. */
const CONTROLS_IN_SCANS: ReadonlySet<number> = new Set([0x04, 0x1d, 0x1e]);

export interface ScannerOptions {
  readonly now: () => number;
}

export function scannerDecoder(options: ScannerOptions): Decoder {
  return new ScannerDecoder(options);
}

class ScannerDecoder implements Decoder {
  readonly #splitter = new LineSplitter({ maxBytes: MAX_SCAN_BYTES });
  readonly #errors = new Counter();
  readonly #now: () => number;
  #bytes = 0;
  #garbled = 0;

  constructor({ now }: ScannerOptions) {
    this.#now = now;
  }

  push(bytes: Uint8Array): readonly FeedEvent[] {
    this.#bytes += bytes.length;
    return this.#splitter.push(bytes).map((split) => this.#read(split));
  }

  /** A scan that has no end by now has lost it; without the end nobody knows what else is missing. */
  idle(): readonly FeedEvent[] {
    const half = this.#splitter.take();
    if (!half) return [];
    this.#garbled += half.length;
    return [this.#refuse('half a scan: no CR or LF came', half)];
  }

  end(): readonly FeedEvent[] {
    const last = this.#splitter.take();
    return last ? [this.#read({ kind: 'line', bytes: last })] : [];
  }

  tally(): Tally {
    return { bytes: this.#bytes, garbled: this.#garbled, errors: this.#errors.toJSON() };
  }

  #read({ kind, bytes }: Split): FeedEvent {
    if (kind === 'overlong') {
      this.#garbled += bytes.length;
      return this.#refuse(`no line end within ${MAX_SCAN_BYTES} bytes`, bytes);
    }
    const text = unframed(decodeText(bytes));
    const event = readScan(text, { year: new Date(this.#now()).getUTCFullYear() });
    if (event.type === 'scan') return event;
    if (isNoise(text)) this.#garbled += bytes.length;
    return this.#refuse(event.reason, bytes);
  }

  #refuse(reason: string, bytes: Uint8Array): FeedEvent {
    this.#errors.add('refused-scan');
    const raw = maskCards(printable(bytes));
    if (raw.cards > 0) this.#errors.add('card-number', raw.cards);
    return { type: 'refused', reason: maskCards(reason).text, raw: raw.text };
  }
}

/** Some scanners put STX and ETX around what they send. */
function unframed(text: string): string {
  const start = text.startsWith(STX) ? 1 : 0;
  return text.slice(start, text.endsWith(ETX) ? -1 : undefined);
}

/** Bytes that no barcode has point to a wrong baud rate, not to a wrong code. */
function isNoise(text: string): boolean {
  return Array.from(text).some((char) => {
    const code = char.charCodeAt(0);
    return (code < 0x20 && !CONTROLS_IN_SCANS.has(code)) || (code >= 0x7f && code < 0xa0);
  });
}
