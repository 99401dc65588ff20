/**
 * RxDB's replication of one collection with the hub.
 *
 * It runs while the hub answers and is paused during an outage, because RxDB otherwise keeps every change of the
 * outage in memory; after the outage it goes on from its checkpoint with the latest state of each document, so a
 * position that changed a thousand times is sent once. Going on waits until every push and pull of the time before
 * has come to rest: RxDB would otherwise take a batch that was dropped by the pause for one that was sent.
 */
import { setTimeout as pause } from 'node:timers/promises';
import {
  type Checkpoint,
  type CollectionName,
  collections,
  type PushRow,
  type WireDocument,
} from '@truecount/protocol';
import { getLastCheckpointDoc, type RxCollection, type WithDeleted } from 'rxdb';
import { replicateRxCollection, type RxReplicationState } from 'rxdb/plugins/replication';
import { Subject } from 'rxjs';
import type { Quarantined, Remote } from './remote.ts';
import { WaitingDocuments } from './waiting-documents.ts';

export interface FirstLoad {
  readonly loaded: number;
  readonly total: number;
  readonly isOver: boolean;
}

export interface CollectionReplicationOptions<D extends object> {
  readonly name: CollectionName;
  readonly collection: RxCollection<D>;
  readonly remote: Remote;
  readonly onChange: () => void;
  readonly onQuarantined: (documents: readonly Quarantined[]) => void;
  readonly onWarning: (text: string) => void;
}

/** RxDB tries a failed pull or push again after this time, unless it is paused meanwhile. */
const RETRY_MS = 250;
const BATCH = 500;
/** Pages of a first load that may be under way while others are written. */
const AHEAD_PAGES = 2;
const LOOK_EVERY_MS = 5;
const WRITTEN_WITHIN_MS = 10_000;
/** A push that the hub does not answer is tried again for as long as it takes; pulls do not wait for that. */
const NOTED_WITHIN_MS = 5000;
const MAX_PULLS_APART = 20;
/** A running push and pull may each start another one before they see the pause. */
const MAX_SETTLING_ROUNDS = 20;

export class CollectionReplication<D extends object> {
  readonly name: CollectionName;
  readonly state: RxReplicationState<D, Checkpoint>;
  readonly #stream = new Subject<'RESYNC'>();
  readonly #options: CollectionReplicationOptions<D>;
  #waiting: WaitingDocuments<D> | undefined;
  #isPaused = false;
  /** The newest place that a pull has reached. */
  #seen: Checkpoint | undefined;
  #firstLoad: FirstLoad | undefined;
  /** Grows with every push that begins or ends. */
  #pushTurns = 0;

  private constructor(options: CollectionReplicationOptions<D>) {
    this.#options = options;
    this.name = options.name;
    const { direction } = collections[options.name];
    this.state = replicateRxCollection<D, Checkpoint>({
      replicationIdentifier: 'truecount-hub',
      collection: options.collection,
      live: true,
      retryTime: RETRY_MS,
      waitForLeadership: false,
      autoStart: false,
      ...(direction === 'hub-to-store'
        ? {}
        : { push: { batchSize: BATCH, handler: (rows) => this.#push(rows) } }),
      // What only stores write is pulled too, once: a rebuilt device gets back what it said before.
      pull: {
        batchSize: BATCH,
        stream$: this.#stream,
        handler: (checkpoint, limit) => this.#pull(checkpoint, limit),
      },
    });
    this.state.error$.subscribe((error) => {
      // Every failed try ends here; what a person should hear is the state of the connection, not each try.
      if (error.code !== 'RC_PULL' && error.code !== 'RC_PUSH')
        options.onWarning(`${options.name}: ${error.message}`);
    });
  }

  static async start<D extends object>(
    options: CollectionReplicationOptions<D>,
  ): Promise<CollectionReplication<D>> {
    const replication = new CollectionReplication(options);
    await replication.state.start();
    if (replication.state.push) {
      const internals = replication.state.internalReplicationState;
      if (!internals) throw new Error(`the replication of ${options.name} did not start`);
      const waiting = await WaitingDocuments.start(internals, options.onChange);
      replication.#waiting = waiting;
      replication.state.active$.subscribe((isActive) => {
        if (!isActive)
          waiting.review().catch((error: unknown) => options.onWarning(`${options.name}: ${String(error)}`));
      });
    }
    return replication;
  }

  /** Documents committed here and not yet accepted by the hub. */
  get waiting(): number {
    return this.#waiting?.count ?? 0;
  }

  /** How far the first load is; undefined before it begins and where there was none in this run. */
  get firstLoad(): FirstLoad | undefined {
    return this.#firstLoad;
  }

  /** Stops asking the hub. What is under way has to be ended by the caller (`Requests.failAll`). */
  async pause(): Promise<void> {
    if (this.#isPaused) return;
    this.#isPaused = true;
    await this.state.pause();
  }

  /** @returns after everything from before the pause has come to rest and the replication runs again */
  async resume(): Promise<void> {
    if (!this.#isPaused) {
      this.look();
      return;
    }
    await this.#rest();
    this.#isPaused = false;
    await this.state.start();
  }

  /** Pulls what is new, and pushes what an interrupted cycle left behind. */
  look(): void {
    if (!this.#isPaused) this.state.reSync();
  }

  /** @param checkpoint the hub has something as new as this */
  hint(checkpoint: Checkpoint): void {
    const isSeen = this.#seen?.history === checkpoint.history && this.#seen.seq >= checkpoint.seq;
    if (!isSeen) this.#stream.next('RESYNC');
  }

  /** True when this hub is not the one, or no longer in the state, that the last pull came from. */
  async isAheadOf(newest: Checkpoint): Promise<boolean> {
    const internals = this.state.internalReplicationState;
    if (!internals || !this.state.pull) return false;
    const pulled = (await getLastCheckpointDoc(internals, 'down')) as Checkpoint | undefined;
    return pulled !== undefined && (pulled.history !== newest.history || pulled.seq > newest.seq);
  }

  /**
   * Forgets what the hub is believed to have, so that every document is compared again. Nothing is lost by it: what
   * the hub has already it only confirms.
   */
  async startOver(): Promise<CollectionReplication<D>> {
    this.#waiting?.stop();
    await this.state.remove();
    return CollectionReplication.start(this.#options);
  }

  async close(): Promise<void> {
    this.#waiting?.stop();
    await this.state.cancel();
  }

  async #rest(): Promise<void> {
    const internals = this.state.internalReplicationState;
    if (!internals) return;
    for (let round = 0; round < MAX_SETTLING_ROUNDS; round += 1) {
      const { up, down } = internals.streamQueue;
      await Promise.all([up, down]);
      if (internals.streamQueue.up === up && internals.streamQueue.down === down) return;
    }
    throw new Error(`the replication of ${this.name} does not come to rest`);
  }

  async #pull(checkpoint: Checkpoint | undefined, limit: number) {
    const { direction } = collections[this.name];
    const hasAll = checkpoint !== undefined && !checkpoint.load;
    if (hasAll && direction === 'store-to-hub') return { documents: [], checkpoint };
    if (checkpoint?.load) await this.#untilWritten(checkpoint.load.loaded - AHEAD_PAGES * limit);
    const pulled = await this.#pullApartFromPushes(checkpoint, limit);
    this.#noteLoad(pulled.checkpoint);
    this.#seen = pulled.checkpoint ?? undefined;
    return {
      documents: pulled.documents as unknown as WithDeleted<D>[],
      checkpoint: pulled.checkpoint ?? undefined,
    };
  }

  /**
   * RxDB passes over what was pulled of a document whose push is under way, and counts on the hub to call that push a
   * conflict. The hub may have taken it already, and then have written into the document: with several hubs the pull can
   * be answered before the push is. Passed over then, the hub's change would never arrive; and a state of before the push,
   * noted after it, would undo the push here. So a pull that a push came across is asked again.
   */
  async #pullApartFromPushes(checkpoint: Checkpoint | undefined, limit: number) {
    for (let round = 1; ; round += 1) {
      await this.#untilPushesAreNoted();
      const before = this.#pushTurns;
      const pulled = await this.#options.remote.pull(checkpoint ?? null, limit);
      if (this.#pushTurns === before || round === MAX_PULLS_APART) return pulled;
    }
  }

  async #untilPushesAreNoted(): Promise<void> {
    const done = new AbortController();
    const up = this.state.internalReplicationState?.streamQueue.up;
    await Promise.race([
      up,
      pause(NOTED_WITHIN_MS, undefined, { signal: done.signal }).catch(() => undefined),
    ]);
    done.abort();
  }

  /**
   * RxDB asks for a page while those before it are still being written, and writes all that has arrived meanwhile at once:
   * where the disk is slower than the hub, a whole store would be in memory, and a load that is cut short would begin
   * again. Writing that does not come forward is not waited for: its error is told elsewhere, and asking again may help.
   */
  async #untilWritten(loaded: number): Promise<void> {
    const deadline = performance.now() + WRITTEN_WITHIN_MS;
    while (!this.state.isStoppedOrPaused() && performance.now() < deadline) {
      const { down } = this.state.internalReplicationState?.lastCheckpointDoc ?? {};
      const load = (down?.checkpointData as Checkpoint | undefined)?.load;
      // Nothing is written down before the first page.
      if (loaded <= 0 || (load?.loaded ?? 0) >= loaded) return;
      await pause(LOOK_EVERY_MS);
    }
  }

  #noteLoad(reached: Checkpoint | null): void {
    const load = reached?.load;
    if (load) this.#firstLoad = { loaded: load.loaded, total: load.total, isOver: false };
    else if (this.#firstLoad)
      this.#firstLoad = { ...this.#firstLoad, loaded: this.#firstLoad.total, isOver: true };
    else return;
    this.#options.onChange();
  }

  async #push(
    rows: readonly { newDocumentState: WithDeleted<D>; assumedMasterState?: WithDeleted<D> }[],
  ): Promise<WithDeleted<D>[]> {
    this.#pushTurns += 1;
    const sent = rows.map(
      (row): PushRow => ({
        next: row.newDocumentState as unknown as WireDocument,
        assumed: (row.assumedMasterState as unknown as WireDocument | undefined) ?? null,
      }),
    );
    const pushed = await this.#options.remote.push(sent).finally(() => {
      this.#pushTurns += 1;
    });
    if (pushed.quarantined.length > 0) this.#options.onQuarantined(pushed.quarantined);
    const conflicts = new Set(pushed.conflicts.map(({ id }) => id));
    const accepted = rows
      .map((row) => row.newDocumentState)
      .filter((document) => !conflicts.has((document as unknown as WireDocument).id));
    await this.#waiting?.settle(accepted);
    return pushed.conflicts as unknown as WithDeleted<D>[];
  }
}
