/**
 * Which documents of one collection are committed here and not yet accepted by the hub. Exact: found at the start by
 * comparing what changed since the last push with what the hub is known to have, kept up by every local write and every
 * accepted push. Holds ids only, so a long outage costs at most one entry for each document.
 */
import {
  getAssumedMasterState,
  getChangedDocumentsSince,
  getLastCheckpointDoc,
  type RxDocumentData,
  type RxStorageInstanceReplicationState,
  writeDocToDocState,
  type WithDeleted,
} from 'rxdb';

export type ReplicationInternals<D> = RxStorageInstanceReplicationState<D>;

const SCAN_BATCH = 500;

export class WaitingDocuments<D extends object> {
  readonly #internals: ReplicationInternals<D>;
  readonly #onChange: () => void;
  /** Id to the number of the write that made it wait: a later write is not settled by an earlier push. */
  readonly #waiting = new Map<string, number>();
  #writes = 0;
  readonly #subscription: { unsubscribe(): void };

  private constructor(internals: ReplicationInternals<D>, pullFlag: string, onChange: () => void) {
    this.#internals = internals;
    this.#onChange = onChange;
    this.#subscription = internals.input.forkInstance.changeStream().subscribe((bulk) => {
      // What was pulled came from the hub.
      if (bulk.context === pullFlag) return;
      for (const { documentId } of bulk.events) this.#add(documentId);
      this.#onChange();
    });
  }

  static async start<D extends object>(
    internals: ReplicationInternals<D>,
    onChange: () => void,
  ): Promise<WaitingDocuments<D>> {
    const waiting = new WaitingDocuments(internals, await internals.downstreamBulkWriteFlag, onChange);
    await waiting.#scan();
    onChange();
    return waiting;
  }

  get count(): number {
    return this.#waiting.size;
  }

  /** Called when the hub has answered a push; what was written again meanwhile goes on waiting. */
  async settle(accepted: readonly WithDeleted<D>[]): Promise<void> {
    const byId = new Map(accepted.map((document) => [this.#idOf(document), document]));
    const before = this.#writesOf(byId.keys());
    for (const now of await this.#present([...byId.keys()])) {
      const id = this.#idOf(now);
      const sent = byId.get(id);
      if (sent && this.#isEqual(sent, this.#stateOf(now))) this.#remove(id, before.get(id));
    }
    this.#onChange();
  }

  /**
   * Called when a push cycle has ended: a document that was changed and changed back was never sent, because the hub
   * has that state already.
   */
  async review(): Promise<void> {
    if (this.#waiting.size === 0) return;
    const ids = [...this.#waiting.keys().take(SCAN_BATCH)];
    const before = this.#writesOf(ids);
    const still = new Set(await this.#unsent(await this.#present(ids)));
    for (const id of ids) if (!still.has(id)) this.#remove(id, before.get(id));
    this.#onChange();
  }

  stop(): void {
    this.#subscription.unsubscribe();
  }

  async #scan(): Promise<void> {
    const { forkInstance } = this.#internals.input;
    let checkpoint: unknown = await getLastCheckpointDoc(this.#internals, 'up');
    for (;;) {
      const changed = await getChangedDocumentsSince(forkInstance, SCAN_BATCH, checkpoint);
      for (const id of await this.#unsent(changed.documents)) this.#add(id);
      if (changed.documents.length < SCAN_BATCH) return;
      checkpoint = changed.checkpoint;
    }
  }

  async #unsent(documents: readonly RxDocumentData<D>[]): Promise<readonly string[]> {
    const ids = documents.map((document) => this.#idOf(document));
    const known = await getAssumedMasterState(this.#internals, ids);
    return documents
      .filter((document) => {
        const atHub = known[this.#idOf(document)];
        return !atHub || !this.#isEqual(atHub.docData, this.#stateOf(document));
      })
      .map((document) => this.#idOf(document));
  }

  #present(ids: string[]): Promise<readonly RxDocumentData<D>[]> {
    return this.#internals.input.forkInstance.findDocumentsById(ids, true);
  }

  #isEqual(a: WithDeleted<D>, b: WithDeleted<D>): boolean {
    return this.#internals.input.conflictHandler.isEqual(a, b, 'truecount-waiting');
  }

  #stateOf(document: RxDocumentData<D>): WithDeleted<D> {
    return writeDocToDocState(document, false, false);
  }

  #idOf(document: object): string {
    return String((document as Readonly<Record<string, unknown>>)[this.#internals.primaryPath]);
  }

  #writesOf(ids: Iterable<string>): ReadonlyMap<string, number | undefined> {
    return new Map(Array.from(ids, (id) => [id, this.#waiting.get(id)]));
  }

  #add(id: string): void {
    this.#waiting.set(id, (this.#writes += 1));
  }

  #remove(id: string, write: number | undefined): void {
    if (this.#waiting.get(id) === write) this.#waiting.delete(id);
  }
}
