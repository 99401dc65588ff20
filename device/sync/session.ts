/**
 * The way to the hub, as seen from this device.
 *
 * States: `away` (no connection, or a hub that does not answer), `opening` (connected; the hub is asked whether it
 * accepts this life of the device), `online`, `refused` (it does not; it is asked again now and then, because people may
 * have settled it). Only `online` lets requests through. A short cut is ridden out: `onAway` is called when the way has
 * been closed for longer than the grace, and `onOnline` every time it opens.
 */
import {
  type Clock,
  type DeviceState,
  type FeedHealth,
  instant,
  type Lineage,
  type OpenResult,
  type Origin,
  protocolVersions,
  readTopic,
} from '@truecount/protocol';
import { packMessage } from '@truecount/protocol/wire';
import { backOffMs } from './back-off.ts';
import { Connection, type HubAddress } from './connection.ts';
import { HubRefusedError } from './errors.ts';
import { Requests } from './requests.ts';
import type { SyncTiming } from './timing.ts';

export interface SyncIdentity extends Lineage {
  readonly store: string;
  readonly device: string;
}

export interface SessionOptions {
  readonly clock: Clock;
  readonly hub: HubAddress;
  readonly identity: SyncIdentity;
  readonly version: string;
  readonly timing: SyncTiming;
  readonly random: () => number;
  readonly feeds?: () => readonly FeedHealth[];
  readonly onAccepted?: () => void;
  readonly onOnline: (opened: OpenResult) => void;
  readonly onAway: () => void;
  /** Hints and commands. */
  readonly onMessage: (topic: string, payload: Uint8Array) => void;
  readonly onChange: () => void;
  readonly onWarning: (text: string) => void;
}

type State =
  | { readonly kind: 'away' }
  | { readonly kind: 'opening' }
  | { readonly kind: 'online' }
  | { readonly kind: 'refused'; readonly text: string };

const ATTEMPTS = 3;
const UNDER_WAY = 4;
const BAD_CREDENTIALS =
  "The hub does not accept this device's credentials. Enrol the device again; until then it works on its own.";

export class Session {
  readonly requests: Requests;
  readonly from: Origin;
  readonly #options: SessionOptions;
  #connection: Connection | undefined;
  #state: State = { kind: 'away' };
  #since: number;
  #grace: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #openFailures = 0;
  /** Raised with every connection and asking, so that a late answer to an earlier one is not heard. */
  #round = 0;
  #isAway = false;
  #isClosed = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#since = options.clock.now();
    this.from = { epoch: options.identity.epoch, start: options.identity.start };
    const { answerMs, deadlineMs } = options.timing;
    this.requests = new Requests({
      limits: { answerMs, deadlineMs, attempts: ATTEMPTS, underWay: UNDER_WAY },
      from: this.from,
      random: options.random,
      send: (verb, subject, payload) => this.#connection?.publish(verb, subject, payload),
      onSilence: () => this.#connection?.restart(),
      onNotOpen: () => this.openAgain(),
    });
  }

  start(): void {
    const { identity, hub, random, timing, onWarning } = this.#options;
    this.#wait();
    this.#connection = new Connection({
      hub,
      address: identity,
      clientId: `${identity.device}.${identity.start.slice(0, 16)}`,
      will: this.#stateMessage(false),
      random,
      backOff: { firstMs: timing.firstRetryMs, maxMs: timing.maxRetryMs },
      onOpen: () => this.openAgain(),
      onClosed: (isRefused) => this.#closed(isRefused),
      onMessage: (topic, payload) => this.#heard(topic, payload),
      onWarning,
    });
  }

  get isOnline(): boolean {
    return this.#state.kind === 'online';
  }

  /** Since when the device is online or not, in the clock's milliseconds. */
  get since(): number {
    return this.#since;
  }

  get refusal(): string | undefined {
    return this.#state.kind === 'refused' ? this.#state.text : undefined;
  }

  /** Only while online: whoever is not accepted has nothing to say. */
  publish(name: 'alert', payload: Uint8Array): void {
    if (this.isOnline) this.#connection?.publish(name, '', payload);
  }

  sayState(): void {
    if (this.isOnline) this.#connection?.publish('state', '', this.#stateMessage(true));
  }

  /** Asks the hub (again) whether it accepts this device. */
  openAgain(): void {
    clearTimeout(this.#retry);
    if (this.#isClosed || !this.#connection?.isUp) return;
    this.requests.close();
    if (this.#state.kind !== 'refused') this.#become({ kind: 'opening' });
    this.#wait();
    void this.#open();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#grace);
    clearTimeout(this.#retry);
    this.requests.end();
    await this.#connection?.end(this.#stateMessage(false));
    this.#options.onAway();
  }

  async #open(): Promise<void> {
    const { identity, version } = this.#options;
    const { epoch, start, lineage } = identity;
    const round = (this.#round += 1);
    const body = { epoch, start, lineage: [...lineage], versions: [...protocolVersions], version };
    try {
      const opened = await this.requests.ask('open', 'session', body, 0);
      if (round !== this.#round || this.#isClosed) return;
      this.#openFailures = 0;
      clearTimeout(this.#grace);
      this.#isAway = false;
      this.#become({ kind: 'online' });
      this.#options.onAccepted?.();
      this.sayState();
      this.#options.onOnline(opened);
    } catch (error) {
      if (round === this.#round && !this.#isClosed) this.#notOpened(error);
    }
  }

  #notOpened(error: unknown): void {
    const { timing, random, onWarning } = this.#options;
    const code = error instanceof HubRefusedError ? error.problem.code : undefined;
    onWarning(error instanceof Error ? error.message : String(error));
    if (error instanceof HubRefusedError && code !== 'busy' && code !== 'internal') {
      this.#become({ kind: 'refused', text: error.problem.text });
      this.#retry = setTimeout(() => this.openAgain(), timing.refusedRetryMs * (0.5 + random()));
      return;
    }
    this.#openFailures += 1;
    const limits = { firstMs: timing.firstRetryMs, maxMs: timing.maxRetryMs };
    this.#retry = setTimeout(() => this.openAgain(), backOffMs(this.#openFailures, limits, random()));
  }

  #closed(isRefused: boolean): void {
    this.#round += 1;
    clearTimeout(this.#retry);
    this.requests.close();
    this.#become(isRefused ? { kind: 'refused', text: BAD_CREDENTIALS } : { kind: 'away' });
    this.#wait();
  }

  /** Starts the grace, after which the replications are told. */
  #wait(): void {
    if (this.#isAway) return;
    clearTimeout(this.#grace);
    this.#grace = setTimeout(() => {
      this.#isAway = true;
      this.#options.onAway();
    }, this.#options.timing.graceMs);
  }

  #heard(topic: string, payload: Uint8Array): void {
    const read = readTopic(topic);
    if (read?.name === 'reply') this.requests.onReply(read.part, payload);
    else this.#options.onMessage(topic, payload);
  }

  #become(state: State): void {
    const wasOnline = this.isOnline;
    this.#state = state;
    if (wasOnline !== this.isOnline) this.#since = this.#options.clock.now();
    this.#options.onChange();
  }

  #stateMessage(online: boolean): Uint8Array {
    const { version, feeds } = this.#options;
    const state: DeviceState = {
      online,
      from: this.from,
      version,
      feeds: [...(feeds?.() ?? [])],
      ...(online ? { since: instant(this.#since) } : {}),
    };
    return packMessage(state);
  }
}
