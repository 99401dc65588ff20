/**
 * Hands a decoder's events on: observations to the sink in batches, the rest to the listener. Returns only after
 * the sink has committed, so whoever reads the bytes does not read on before; that is the back-pressure.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FeedObservation } from '@truecount/protocol';
import { backoffMs } from './backoff.ts';
import type { FeedEvent } from './events.ts';
import type { FeedListener, FeedSink } from './feed.ts';
import type { HealthTracker } from './health-tracker.ts';

const MAX_BATCH = 500;

export interface DeliveryOptions {
  readonly feed: string;
  readonly sink: FeedSink;
  readonly onEvent?: FeedListener;
  readonly health: HealthTracker;
}

export class Delivery {
  readonly #options: DeliveryOptions;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** Rejects only when the signal aborts while the sink refuses; those observations are then not acknowledged. */
  async deliver(events: readonly FeedEvent[], signal: AbortSignal): Promise<void> {
    const { feed, onEvent } = this.#options;
    let batch: FeedObservation[] = [];
    for (const event of events) {
      if (event.type !== 'observation') onEvent?.(event, feed);
      else {
        const { type: _, ...observation } = event;
        batch.push(observation);
      }
      if (batch.length < MAX_BATCH) continue;
      await this.#commit(batch, signal);
      batch = [];
    }
    if (batch.length > 0) await this.#commit(batch, signal);
  }

  /** An observation is not dropped because the sink refuses it for a while: it is offered until it is taken. */
  async #commit(batch: readonly FeedObservation[], signal: AbortSignal): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        await this.#options.sink(batch);
        this.#options.health.delivered(batch.length);
        return;
      } catch {
        this.#options.health.error('sink-refused');
        await sleep(backoffMs(attempt), undefined, { signal });
      }
    }
  }
}
