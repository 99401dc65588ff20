/**
 * A feed on a serial line: supervised port -> decoder -> sink, with health. One chunk is delivered before the next
 * is read. When the line is lost the decoder drops what was half read and goes on with the next opening; a ticket
 * that was being printed stays open, because its rest may still come.
 */
import type { FeedHealth } from '@truecount/protocol';
import type { Delivery } from './delivery.ts';
import type { Decoder, FeedEvent } from './events.ts';
import type { Feed } from './feed.ts';
import type { HealthTracker } from './health-tracker.ts';
import type { SerialSource, SourceEvent } from './serial/serial-source.ts';

export interface StreamFeedParts {
  readonly name: string;
  readonly source: SerialSource;
  readonly decoder: Decoder;
  readonly delivery: Delivery;
  readonly health: HealthTracker;
}

export class StreamFeed implements Feed {
  readonly #parts: StreamFeedParts;
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;

  constructor(parts: StreamFeedParts) {
    this.#parts = parts;
  }

  get name(): string {
    return this.#parts.name;
  }

  health(): FeedHealth {
    return this.#parts.health.snapshot();
  }

  start(signal: AbortSignal): Promise<void> {
    this.#running ??= this.#run(AbortSignal.any([signal, this.#closing.signal]));
    return this.#running;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { source, decoder, health } = this.#parts;
    try {
      for await (const event of source.events(signal)) await this.#deliver(this.#take(event), signal);
      await this.#deliver(decoder.end(), AbortSignal.timeout(LAST_DELIVERY_MS));
    } catch (error) {
      if (!(error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')))
        throw error;
      health.error('undelivered-at-close');
    } finally {
      health.lost('stopped');
    }
  }

  #take(event: SourceEvent): readonly FeedEvent[] {
    const { decoder, health } = this.#parts;
    switch (event.kind) {
      case 'open':
        health.connected(event.note);
        return [];
      case 'bytes':
        health.read(event.bytes.length);
        return decoder.push(event.bytes);
      case 'quiet':
        return decoder.idle();
      case 'tick':
        health.refresh();
        return [];
      case 'lost':
        health.error(event.code);
        health.lost(event.message);
        return decoder.idle();
      default:
        return event satisfies never;
    }
  }

  async #deliver(events: readonly FeedEvent[], signal: AbortSignal): Promise<void> {
    const { decoder, delivery, health } = this.#parts;
    health.decoded(decoder);
    await delivery.deliver(events, signal);
  }
}

/** What is still in the decoder when a feed is closed gets this long to reach the sink. */
const LAST_DELIVERY_MS = 5000;
