import { Subject, type Observable } from 'rxjs';
import type { RxStorageInstanceCreationParams } from 'rxdb';
import type { ChangeBulk } from './bulk-write.ts';
import { ChangeChannel } from './change-channel.ts';
import { ChangeFeed, type CommittedChange } from './change-feed.ts';
import type { CollectionTable } from './collection-table.ts';
import type { DatabaseFile } from './database-file.ts';

/** Where an instance announces its commits and hears of all. */
export interface ChangeStream<RxDocType> {
  readonly changes: Observable<ChangeBulk<RxDocType>>;
  announce(change: CommittedChange<RxDocType>): void;
  close(): Promise<void>;
}

/** How often commits are looked for whose process ended before it announced them. */
const lookEveryMs = 500;

/** For an instance that shares nothing (`multiInstance: false`): it hears of its own commits only. */
export function privateStream<RxDocType>(): ChangeStream<RxDocType> {
  const changes = new Subject<ChangeBulk<RxDocType>>();
  return {
    changes,
    announce: ({ bulk }) => bulk && changes.next(bulk),
    close: async () => changes.complete(),
  };
}

/** The streams of the instances of one file that hear of each other and of other processes. */
export class SharedStreams {
  readonly #file: DatabaseFile;
  readonly #channelName: string;
  readonly #feeds = new Map<number, ChangeFeed<never>>();
  #isBehind = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(file: DatabaseFile, channelName: string) {
    this.#file = file;
    this.#channelName = channelName;
  }

  join<RxDocType>(
    params: RxStorageInstanceCreationParams<RxDocType, unknown>,
    table: CollectionTable,
  ): ChangeStream<RxDocType> {
    const feed = this.#feedOf<RxDocType>(table);
    const channel = new ChangeChannel<RxDocType>(this.#channelName, params, feed);
    const changes = new Subject<ChangeBulk<RxDocType>>();
    const subscription = feed.changes.subscribe(changes);
    return {
      changes,
      announce: (change) => channel.announce(change),
      close: async () => {
        subscription.unsubscribe();
        changes.complete();
        await channel.close();
      },
    };
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #feedOf<RxDocType>(table: CollectionTable): ChangeFeed<RxDocType> {
    const known = this.#feeds.get(table.number);
    // One table holds one type of document.
    if (known) return known as unknown as ChangeFeed<RxDocType>;
    const feed = new ChangeFeed<RxDocType>(this.#file, table);
    this.#feeds.set(table.number, feed as unknown as ChangeFeed<never>);
    this.#timer ??= setInterval(() => this.#look(), lookEveryMs).unref();
    return feed;
  }

  #look(): void {
    if (!this.#file.hasForeignCommits() && !this.#isBehind) return;
    this.#isBehind = false;
    for (const feed of this.#feeds.values()) if (feed.look()) this.#isBehind = true;
  }
}
