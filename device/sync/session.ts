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
  type DeviceSecret,
  type FeedHealth,
  hubOfTopic,
  instant,
  type Lineage,
  type OpenResult,
  type Origin,
  protocolVersions,
  readTopic,
  type RefusedBecause,
} from '@truecount/protocol';
import { packMessage } from '@truecount/protocol/wire';
import { backOffMs } from './back-off.ts';
import { type ClosedBecause, Connection, type HubAddress } from './connection.ts';
import { HubRefusedError } from './errors.ts';
import { HubPresence } from './hub-presence.ts';
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
  /** Writes a rotated secret down, so that it survives this process. */
  readonly onSecret?: (secret: DeviceSecret) => void;
  /** The broker does not let this device in: asks the hub elsewhere why, in words for people. */
  readonly askWhy?: () => Promise<Refusal | undefined>;
  /** Versions to speak, newest first; default: those of the protocol. */
  readonly versions?: readonly number[];
  readonly onOnline: (opened: OpenResult) => void;
  readonly onAway: () => void;
  /** Hints and commands. */
  readonly onMessage: (topic: string, payload: Uint8Array) => void;
  readonly onChange: () => void;
  readonly onWarning: (text: string) => void;
}

/** Why the hub does not take this device, and what to do about it. */
export interface Refusal {
  readonly because: RefusedBecause;
  readonly text: string;
}

type State =
  | { readonly kind: 'away' }
  | { readonly kind: 'opening' }
  | { readonly kind: 'online' }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

const ATTEMPTS = 3;
const UNDER_WAY = 4;
const BAD_CREDENTIALS: Refusal = {
  because: 'credentials',
  text: "The hub does not accept this device's credentials. Enrol the device again; until then it works on its own.",
};
const UNTRUSTED: Refusal = {
  because: 'certificate',
  text:
    'Whoever answers at the address of the hub shows a certificate that this device does not trust, so nothing is ' +
    'sent there. Check the address; when the hub got a new certificate, enrol this device again.',
};
/** Problems that asking again does not solve by itself, as the screens tell them apart. */
const refusedBecause: Partial<Record<string, RefusedBecause>> = {
  fenced: 'fenced',
  revoked: 'revoked',
  version: 'version',
};

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
  readonly #presence = new HubPresence();

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
      onClosed: (because) => this.#closed(because),
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

  get refusal(): Refusal | undefined {
    return this.#state.kind === 'refused' ? this.#state.refusal : undefined;
  }

  /** Only while online: whoever is not accepted has nothing to say. */
  publish(name: 'alert', payload: Uint8Array): void {
    if (this.isOnline) this.#connection?.publish(name, '', payload);
  }

  sayState(): void {
    if (this.isOnline) this.#connection?.publish('state', '', this.#stateMessage(true));
  }

  /** The hub says so before it closes the connection, when an answer might come too late. */
  withdrawn(reason: string): void {
    const text = `This device's access to the hub was withdrawn: ${reason}`.slice(0, 500);
    this.#become({ kind: 'refused', refusal: { because: 'revoked', text } });
    this.openAgain();
  }

  /** Asks the hub (again) whether it accepts this device. */
  openAgain(): void {
    clearTimeout(this.#retry);
    if (this.#isClosed || !this.#connection?.isUp || this.#presence.isGone) return;
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
    const { identity, version, versions = protocolVersions } = this.#options;
    const { epoch, start, lineage } = identity;
    const round = (this.#round += 1);
    const generation = this.#connection?.generation;
    const body = {
      epoch,
      start,
      lineage: [...lineage],
      versions: [...versions],
      version,
      ...(generation === undefined ? {} : { generation }),
    };
    try {
      const opened = await this.requests.ask('open', 'session', body, 0);
      if (round !== this.#round || this.#isClosed) return;
      this.#openFailures = 0;
      clearTimeout(this.#grace);
      this.#isAway = false;
      this.requests.speak(opened.version);
      this.#become({ kind: 'online' });
      this.#options.onAccepted?.();
      this.sayState();
      this.#options.onOnline(opened);
      if (opened.secret) this.#takeSecret(opened.secret);
    } catch (error) {
      if (round === this.#round && !this.#isClosed) this.#notOpened(error);
    }
  }

  /** Written down first: from the next connection on it may be the only one that counts. */
  #takeSecret(secret: DeviceSecret): void {
    const { onSecret, onWarning } = this.#options;
    if (!onSecret) return;
    try {
      onSecret(secret);
    } catch (error) {
      onWarning(`the new secret could not be written down, the present one goes on: ${String(error)}`);
      return;
    }
    this.#connection?.useSecret(secret);
    this.#connection?.restart();
  }

  #notOpened(error: unknown): void {
    const { timing, random, onWarning } = this.#options;
    const code = error instanceof HubRefusedError ? error.problem.code : undefined;
    onWarning(error instanceof Error ? error.message : String(error));
    if (error instanceof HubRefusedError && code !== 'busy' && code !== 'internal') {
      const because = refusedBecause[error.problem.code] ?? 'other';
      this.#become({ kind: 'refused', refusal: { because, text: error.problem.text } });
      this.#retry = setTimeout(() => this.openAgain(), timing.refusedRetryMs * (0.5 + random()));
      return;
    }
    this.#openFailures += 1;
    const limits = { firstMs: timing.firstRetryMs, maxMs: timing.maxRetryMs };
    this.#retry = setTimeout(() => this.openAgain(), backOffMs(this.#openFailures, limits, random()));
  }

  #closed(because: ClosedBecause): void {
    this.#round += 1;
    clearTimeout(this.#retry);
    this.#presence.forget();
    this.requests.close();
    this.#become(this.#stateAfter(because));
    this.#wait();
    if (because === 'refused') void this.#learnWhy();
  }

  /** What the hub itself has said holds until it says otherwise: a broker only knows yes and no. */
  #stateAfter(because: ClosedBecause): State {
    if (because === 'untrusted') return { kind: 'refused', refusal: UNTRUSTED };
    const { refusal } = this;
    const wasToldByHub = refusal !== undefined && refusal !== UNTRUSTED && refusal !== BAD_CREDENTIALS;
    if (wasToldByHub) return { kind: 'refused', refusal };
    return because === 'refused' ? { kind: 'refused', refusal: BAD_CREDENTIALS } : { kind: 'away' };
  }

  async #learnWhy(): Promise<void> {
    const round = this.#round;
    const why = await this.#options.askWhy?.().catch(() => undefined);
    if (why && round === this.#round && !this.#isClosed && this.refusal)
      this.#become({ kind: 'refused', refusal: why });
  }

  /** The hub's processes say that they come and go; that none is left closes the way before an answer is missed. */
  #heardOfHub(instance: string, payload: Uint8Array): void {
    const wasGone = this.#presence.isGone;
    this.#presence.hear(instance, payload);
    const { isGone } = this.#presence;
    if (isGone === wasGone) return;
    if (!isGone) {
      this.openAgain();
      return;
    }
    this.#round += 1;
    clearTimeout(this.#retry);
    this.requests.close();
    if (this.#state.kind !== 'refused') this.#become({ kind: 'away' });
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
    const hub = hubOfTopic(topic);
    if (hub !== undefined) {
      this.#heardOfHub(hub, payload);
      return;
    }
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
