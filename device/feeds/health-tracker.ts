/**
 * How a feed is doing.
 *
 * States: down (no port, no file) -> up -> silent (nothing for `silenceAfterMs`) or garbled (too many bytes that
 * make no sense in the last window) -> up again by itself. An outage of the hub is none of a feed's business.
 */
import type { FeedHealth } from '@truecount/protocol';
import { Counter } from './counter.ts';
import type { Decoder, Tally } from './events.ts';

export interface HealthOptions {
  readonly name: string;
  readonly kind: string;
  readonly now: () => number;
  readonly silenceAfterMs: number | undefined;
  /** Share of senseless bytes above which a line is garbled. */
  readonly garbledAbove: number;
  readonly onChange?: (health: FeedHealth) => void;
}

type State = FeedHealth['state'];

/** Long enough that one stray byte decides nothing. */
const WINDOW_BYTES = 128;
const iso = (atMs: number): string => new Date(atMs).toISOString();

export class HealthTracker {
  readonly #options: HealthOptions;
  readonly #errors = new Counter();
  #connectedAtMs: number | undefined;
  #lastByteAtMs: number | undefined;
  #message: string | undefined = 'not started';
  #bytes = 0;
  #observations = 0;
  #garbled = false;
  readonly #counted = new WeakMap<Decoder, Tally>();
  #window = { bytes: 0, garbled: 0 };
  #state: State = 'down';
  #sinceMs: number;

  constructor(options: HealthOptions) {
    this.#options = options;
    this.#sinceMs = options.now();
  }

  connected(message?: string): void {
    // Reopening a silent port does not make it less silent.
    this.#connectedAtMs ??= this.#options.now();
    this.#message = message;
    this.refresh();
  }

  lost(message: string): void {
    this.#connectedAtMs = undefined;
    this.#message = message;
    this.refresh();
  }

  read(bytes: number): void {
    this.#bytes += bytes;
    this.#lastByteAtMs = this.#options.now();
    this.refresh();
  }

  delivered(observations: number): void {
    this.#observations += observations;
  }

  error(code: string): void {
    this.#errors.add(code);
  }

  /** Takes over what a decoder has counted since the last time, and judges each full window of bytes. */
  decoded(decoder: Decoder): void {
    const tally = decoder.tally();
    const before = this.#counted.get(decoder);
    this.#counted.set(decoder, tally);
    for (const [code, count] of Object.entries(tally.errors)) {
      const added = count - (before?.errors[code] ?? 0);
      if (added > 0) this.#errors.add(code, added);
    }
    this.#window.bytes += tally.bytes - (before?.bytes ?? 0);
    this.#window.garbled += tally.garbled - (before?.garbled ?? 0);
    if (this.#window.bytes < WINDOW_BYTES) return;
    this.#garbled = this.#window.garbled / this.#window.bytes > this.#options.garbledAbove;
    this.#window = { bytes: 0, garbled: 0 };
    this.refresh();
  }

  /** Time has passed: tells the listener if that changed the state. */
  refresh(): void {
    const nowMs = this.#options.now();
    const state = this.#judge(nowMs);
    if (state === this.#state) return;
    this.#state = state;
    this.#sinceMs = state === 'silent' ? this.#silentFromMs() : nowMs;
    this.#options.onChange?.(this.#report());
  }

  snapshot(): FeedHealth {
    this.refresh();
    return this.#report();
  }

  #silentFromMs(): number {
    const heard = Math.max(this.#connectedAtMs ?? 0, this.#lastByteAtMs ?? 0);
    return this.#options.silenceAfterMs === undefined
      ? Number.POSITIVE_INFINITY
      : heard + this.#options.silenceAfterMs;
  }

  #judge(nowMs: number): State {
    if (this.#connectedAtMs === undefined) return 'down';
    if (nowMs >= this.#silentFromMs()) return 'silent';
    return this.#garbled ? 'garbled' : 'up';
  }

  #report(): FeedHealth {
    const { name, kind } = this.#options;
    const message = this.#explain();
    return {
      name,
      kind,
      state: this.#state,
      since: iso(this.#sinceMs),
      ...(this.#lastByteAtMs === undefined ? {} : { lastByteAt: iso(this.#lastByteAtMs) }),
      bytes: this.#bytes,
      observations: this.#observations,
      errors: { ...this.#errors.toJSON() },
      ...(message === undefined ? {} : { message: message.slice(0, 500) }),
    };
  }

  #explain(): string | undefined {
    switch (this.#state) {
      case 'silent':
        return 'connected, but nothing comes: check that the device is switched on and its cable is plugged in';
      case 'garbled':
        return 'what comes makes no sense: check baud rate, parity and cable';
      case 'up':
      case 'down':
        return this.#message;
      default:
        return this.#state satisfies never;
    }
  }
}
