/**
 * A scale on a serial line. A weight whose line does not say whether it is stable waits for the next line, which
 * in the NCI protocol says so; when something else or nothing follows it counts as not stable.
 */
import { maskCards } from '../card-filter.ts';
import { Counter } from '../counter.ts';
import type { Decoder, FeedEvent, Tally } from '../events.ts';
import { LineSplitter, type Split } from '../line-splitter.ts';
import { printable } from '../printable.ts';
import { readScaleLine, type ScaleFormat } from './dialects.ts';

const MAX_LINE_BYTES = 128;
const [STX, ETX, LF, CR] = [0x02, 0x03, 0x0a, 0x0d] as const;

export function scaleDecoder(format: Partial<ScaleFormat> = {}): Decoder {
  return new ScaleDecoder({ unit: 'kg', decimals: 3, ...format });
}

class ScaleDecoder implements Decoder {
  readonly #splitter = new LineSplitter({ maxBytes: MAX_LINE_BYTES, terminators: [STX, ETX, LF, CR] });
  readonly #errors = new Counter();
  readonly #format: ScaleFormat;
  #waiting: number | undefined;
  #bytes = 0;
  #garbled = 0;

  constructor(format: ScaleFormat) {
    this.#format = format;
  }

  push(bytes: Uint8Array): readonly FeedEvent[] {
    this.#bytes += bytes.length;
    return this.#splitter.push(bytes).flatMap((split) => this.#read(split));
  }

  idle(): readonly FeedEvent[] {
    const half = this.#splitter.take();
    return [...this.#settle(false), ...(half ? [this.#refuse('half a line', half)] : [])];
  }

  end(): readonly FeedEvent[] {
    const last = this.#splitter.take();
    return [...(last ? this.#read({ kind: 'line', bytes: last }) : []), ...this.#settle(false)];
  }

  tally(): Tally {
    return { bytes: this.#bytes, garbled: this.#garbled, errors: this.#errors.toJSON() };
  }

  #read({ kind, bytes }: Split): readonly FeedEvent[] {
    if (kind === 'overlong') return [this.#refuse(`no line end within ${MAX_LINE_BYTES} bytes`, bytes)];
    const text = printable(bytes).trim();
    if (text === '') return [];
    const line = readScaleLine(text, this.#format);
    if (line.kind === 'state') return this.#settle(line.stable);
    const before = this.#settle(false);
    if (line.kind === 'refused') return [...before, this.#refuse(line.reason, bytes)];
    if (line.stable !== 'unsaid')
      return [...before, { type: 'weight', grams: line.grams, stable: line.stable }];
    this.#waiting = line.grams;
    return before;
  }

  #settle(stable: boolean): readonly FeedEvent[] {
    const grams = this.#waiting;
    this.#waiting = undefined;
    return grams === undefined ? [] : [{ type: 'weight', grams, stable }];
  }

  #refuse(reason: string, bytes: Uint8Array): FeedEvent {
    this.#errors.add('refused-line');
    this.#garbled += bytes.length;
    return { type: 'refused', reason, raw: maskCards(printable(bytes)).text };
  }
}
