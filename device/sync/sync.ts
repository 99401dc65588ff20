/**
 * Keeps the store's documents and the hub's the same.
 *
 * Invariants: a document counts as sent only after the hub's own answer; nothing is ever dropped; more urgent
 * collections go first. During an outage nothing changes for the store: documents are committed here, and sent in their
 * latest state when the hub is back (see session.ts for how the way to the hub opens and closes).
 */
import {
  type Checkpoint,
  type Clock,
  type CollectionName,
  collectionNames,
  collections as contracts,
  type Command,
  type DocumentOf,
  type FeedHealth,
  instant,
  newId,
  type OpenResult,
  parserFor,
  readTopic,
  type SyncView,
  topics,
} from '@truecount/protocol';
import { packMessage, unpackMessage } from '@truecount/protocol/wire';
import type { RxCollection } from 'rxdb';
import { CollectionReplication } from './collection-replication.ts';
import type { HubAddress } from './connection.ts';
import { remoteOf } from './remote.ts';
import { Session, type SessionOptions, type SyncIdentity } from './session.ts';
import { defaultTiming, type SyncTiming } from './timing.ts';

type SyncCollections = { readonly [C in CollectionName]?: RxCollection<DocumentOf<C>> };

export interface SyncOptions {
  readonly collections: SyncCollections;
  readonly clock: Clock;
  readonly hub: HubAddress;
  readonly identity: SyncIdentity;
  /** Of this software. */
  readonly version: string;
  readonly feeds?: () => readonly FeedHealth[];
  /** The hub knows this start now (`Ledger.confirmStart`). */
  readonly onAccepted?: () => void;
  readonly onSecret?: NonNullable<SessionOptions['onSecret']>;
  readonly askWhy?: NonNullable<SessionOptions['askWhy']>;
  readonly versions?: readonly number[];
  readonly onCommand?: (command: Command) => void;
  readonly onWarning?: (text: string) => void;
  readonly random?: () => number;
  readonly timing?: Partial<SyncTiming>;
}

export interface Sync {
  status(): SyncView;
  /** @returns how to stop listening */
  onChange(listener: () => void): () => void;
  /** Tells the hub of an urgent exception at once, ahead of everything that waits. During an outage it does nothing:
   * the document itself is sent first when the hub is back. */
  alert(exception: DocumentOf<'exceptions'>): void;
  /** Says this device's health again and looks for changes now. */
  refresh(): void;
  close(): Promise<void>;
}

/** Less urgent collections wait for more urgent ones at most this long. */
const HEAD_START_MS = 30_000;
const MAX_LOCALLY_REFUSED = 10_000;
/** After a change of the replications that failed. */
const CHANGE_AGAIN_MS = 1_000;

const parseChanged = parserFor(topics.changed.schema);
const parseCommand = parserFor(topics.command.schema);

export async function startSync(options: SyncOptions): Promise<Sync> {
  const sync = new RunningSync(options);
  await sync.start();
  return sync;
}

class RunningSync implements Sync {
  readonly #options: SyncOptions;
  readonly #timing: SyncTiming;
  readonly #session: Session;
  readonly #listeners = new Set<() => void>();
  readonly #replications: CollectionReplication<object>[] = [];
  /** Documents too large to be sent: the hub never hears of them. */
  readonly #locallyRefused = new Set<string>();
  #quarantinedAtHub = 0;
  #onlineAgain: AbortController | undefined;
  /** Between the hub's yes and knowing whether it still has what it had: too early to say that nothing waits. */
  #isComparing = false;
  #changing: Promise<void> = Promise.resolve();
  #timers: NodeJS.Timeout[] = [];
  #retry: NodeJS.Timeout | undefined;

  constructor(options: SyncOptions) {
    this.#options = options;
    this.#timing = { ...defaultTiming, ...options.timing };
    this.#session = new Session({
      ...options,
      timing: this.#timing,
      random: options.random ?? Math.random,
      onWarning: (text) => this.#warn(text),
      onOnline: (opened) => this.#online(opened),
      onAway: () => this.#away(),
      onMessage: (topic, payload) => this.#heard(topic, payload),
      onChange: () => this.#changed(),
    });
  }

  async start(): Promise<void> {
    for (const name of collectionNames) {
      const collection = this.#options.collections[name] as RxCollection<object> | undefined;
      if (!collection) continue;
      const remote = remoteOf({
        requests: this.#session.requests,
        collection: name,
        onQuarantine: (total) => {
          this.#quarantinedAtHub = total;
          this.#changed();
        },
        onWarning: (text) => this.#warn(text),
      });
      this.#replications.push(
        await CollectionReplication.start<object>({
          name,
          collection,
          remote,
          onChange: () => this.#changed(),
          onQuarantined: (documents) => this.#quarantined(name, documents),
          onWarning: (text) => this.#warn(text),
        }),
      );
    }
    this.#session.start();
    const spread = 0.75 + (this.#options.random ?? Math.random)() / 2;
    this.#timers.push(setInterval(() => this.refresh(), this.#timing.lookMs * spread).unref());
  }

  status(): SyncView {
    const { isOnline, since, refusal } = this.#session;
    return {
      online: isOnline && !this.#isComparing,
      since: instant(since),
      waiting: this.#replications.reduce((sum, { waiting }) => sum + waiting, 0),
      quarantined: this.#quarantinedAtHub + this.#locallyRefused.size,
      ...this.#firstLoad(),
      ...(refusal === undefined ? {} : { fenced: refusal.text, refusedBecause: refusal.because }),
    };
  }

  /** All collections together, for as long as any of them is being filled. */
  #firstLoad(): Pick<SyncView, 'firstLoad'> {
    const loads = this.#replications.flatMap(({ firstLoad }) => firstLoad ?? []);
    if (!loads.some(({ isOver }) => !isOver)) return {};
    const sum = (of: 'loaded' | 'total'): number => loads.reduce((all, load) => all + load[of], 0);
    return { firstLoad: { loaded: sum('loaded'), total: sum('total') } };
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  alert(exception: DocumentOf<'exceptions'>): void {
    const { identity, clock } = this.#options;
    const at = clock.now();
    this.#session.publish(
      'alert',
      packMessage({
        specversion: '1.0',
        id: newId(at),
        source: `/stores/${identity.store}/devices/${identity.device}`,
        type: 'truecount.exception',
        time: instant(at),
        subject: exception.id,
        datacontenttype: 'application/json',
        from: this.#session.from,
        data: exception,
      }),
    );
  }

  refresh(): void {
    if (!this.#session.isOnline) return;
    this.#session.sayState();
    for (const replication of this.#replications) replication.look();
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    clearTimeout(this.#retry);
    this.#onlineAgain?.abort();
    await this.#session.close();
    await this.#changing;
    await Promise.all(this.#replications.map((replication) => replication.close()));
    this.#listeners.clear();
  }

  /** Most urgent first; the others start when those have nothing left to send. */
  #online({ quarantined, newest }: OpenResult): void {
    this.#quarantinedAtHub = quarantined;
    // What the way before this one was still waiting for will not come on it.
    this.#onlineAgain?.abort();
    const again = new AbortController();
    this.#onlineAgain = again;
    this.#isComparing = true;
    this.#change(async () => {
      await this.#compareWith(newest).finally(() => {
        this.#isComparing = false;
        this.#changed();
      });
      for (const urgency of [...new Set(this.#replications.map(urgencyOf))].sort((a, b) => a - b)) {
        const group = this.#replications.filter((replication) => urgencyOf(replication) === urgency);
        for (const replication of group) if (!again.signal.aborted) await replication.resume();
        if (again.signal.aborted) return;
        this.#session.requests.open(urgency);
        await this.#drained(group, again.signal);
      }
      if (!again.signal.aborted) this.#session.requests.open();
    });
  }

  /** A hub whose database was restored lacks what came after the backup: everything is offered to it again. */
  async #compareWith(newest: Checkpoint): Promise<void> {
    const ahead = await Promise.all(this.#replications.map((replication) => replication.isAheadOf(newest)));
    if (!ahead.includes(true)) return;
    this.#warn('the hub was restored from a backup or replaced: all documents are compared with it again');
    this.#session.requests.failAll();
    for (const [at, replication] of this.#replications.entries())
      this.#replications[at] = await replication.startOver();
  }

  #away(): void {
    this.#onlineAgain?.abort();
    this.#session.requests.failAll();
    this.#change(async () => {
      for (const replication of this.#replications) await replication.pause();
      // What was asked between the first call and the pause.
      this.#session.requests.failAll();
    });
  }

  async #drained(group: readonly CollectionReplication<object>[], signal: AbortSignal): Promise<void> {
    const isDrained = (): boolean => group.every(({ waiting }) => waiting === 0);
    if (isDrained()) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        stop();
        resolve();
      };
      const timer = setTimeout(done, HEAD_START_MS);
      const stop = this.onChange(() => {
        if (isDrained()) done();
      });
      signal.addEventListener('abort', done);
    });
  }

  /** One change of the replications at a time, in the order they were asked for. */
  #change(work: () => Promise<void>): void {
    this.#changing = this.#changing.then(work).catch((error: unknown) => {
      this.#warn(`the replication could not be changed: ${String(error)}`);
      // Half changed, it would stay closed while the connection is up: the hub is asked anew, and it is tried again.
      clearTimeout(this.#retry);
      this.#retry = setTimeout(() => this.#session.openAgain(), CHANGE_AGAIN_MS);
    });
  }

  #heard(topic: string, payload: Uint8Array): void {
    const read = readTopic(topic);
    const message = unpackMessage(payload);
    if (!read || !message.ok) return;
    if (read.name === 'changed') {
      const changed = parseChanged(message.value);
      const replication = this.#replications.find(({ name }) => name === read.part);
      if (changed.ok) replication?.hint(changed.value.checkpoint);
    } else if (read.name === 'command') {
      const command = parseCommand(message.value);
      if (command.ok) this.#obey(command.value);
    }
  }

  #obey(command: Command): void {
    if (command.kind === 'revoked') this.#session.withdrawn(command.reason);
    else if (command.kind === 'refresh' && this.#session.isOnline) this.refresh();
    else if (command.kind === 'refresh' || command.kind === 'open-again') this.#session.openAgain();
    this.#options.onCommand?.(command);
  }

  #quarantined(
    name: CollectionName,
    documents: readonly { readonly id: string; readonly isLocal: boolean }[],
  ): void {
    for (const { id, isLocal } of documents)
      if (isLocal && this.#locallyRefused.size < MAX_LOCALLY_REFUSED)
        this.#locallyRefused.add(`${name} ${id}`);
    this.#changed();
  }

  #warn(text: string): void {
    this.#options.onWarning?.(text);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

const urgencyOf = ({ name }: CollectionReplication<object>): number => contracts[name].priority;
