import {
  getBroadcastChannelReference,
  removeBroadcastChannelReference,
  type RxStorageMultiInstanceBroadcastType,
} from 'rxdb';
import type { ChangeBulk } from './bulk-write.ts';
import type { ChangeFeed, CommittedChange } from './change-feed.ts';

/** RxDB's message between instances, with the place of the change in the file. */
interface ChangeMessage<RxDocType> extends RxStorageMultiInstanceBroadcastType {
  readonly after: number;
  readonly seq: number;
  readonly hasBulk: boolean;
  readonly eventBulk: ChangeBulk<RxDocType>;
}

/** Joins a feed to those of other processes through the broadcast channel that RxDB keeps for each database. */
export class ChangeChannel<RxDocType> {
  readonly #feed: ChangeFeed<RxDocType>;
  readonly #params: Params;
  readonly #name: string;
  readonly #channel: ReturnType<typeof getBroadcastChannelReference>;
  readonly #onMessage: (message: RxStorageMultiInstanceBroadcastType) => void;

  /** `name` must differ between folders: RxDB tells channels apart by it and by the database's name only. */
  constructor(name: string, params: Params, feed: ChangeFeed<RxDocType>) {
    this.#feed = feed;
    this.#params = params;
    this.#name = name;
    this.#channel = getBroadcastChannelReference(
      name,
      params.databaseInstanceToken,
      params.databaseName,
      this,
    );
    this.#onMessage = (message) => {
      const isOurs =
        message.storageName === name &&
        message.databaseName === params.databaseName &&
        message.collectionName === params.collectionName &&
        message.version === params.schema.version;
      if (!isOurs) return;
      const { after, seq, hasBulk, eventBulk } = message as ChangeMessage<RxDocType>;
      feed.accept({ after, seq, bulk: hasBulk ? eventBulk : undefined });
    };
    this.#channel.addEventListener('message', this.#onMessage);
  }

  /** Tells this process at once and the others soon. */
  announce(change: CommittedChange<RxDocType>): void {
    this.#feed.accept(change);
    const { databaseName, collectionName, schema } = this.#params;
    const message: ChangeMessage<RxDocType> = {
      storageName: this.#name,
      databaseName,
      collectionName,
      version: schema.version,
      after: change.after,
      seq: change.seq,
      hasBulk: change.bulk !== undefined,
      eventBulk: change.bulk ?? { id: '', events: [], checkpoint: noCheckpoint, context: '' },
    };
    // A message that is lost is made good by the feed of whoever misses it.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a broadcast channel has no origins
    this.#channel.postMessage(message).catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#channel.removeEventListener('message', this.#onMessage);
    await removeBroadcastChannelReference(this.#params.databaseInstanceToken, this);
  }
}

interface Params {
  readonly databaseInstanceToken: string;
  readonly databaseName: string;
  readonly collectionName: string;
  readonly schema: { readonly version: number };
}

const noCheckpoint = { id: '', lwt: 0, seq: 0, source: '', floor: 0 };
