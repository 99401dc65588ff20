import { Subject } from 'rxjs';
import type { RxDocumentData } from 'rxdb';
import type { ChangeBulk } from './bulk-write.ts';
import { checkpointAt } from './changes.ts';
import { quoted } from './collection-layout.ts';
import { highestSeq, type CollectionTable } from './collection-table.ts';
import type { Connection } from './connection.ts';
import type { DatabaseFile } from './database-file.ts';
import { idOf, isDeleted, revisionHeight } from './document-fields.ts';

/** What one commit changed in a table: the versions after `after` up to `seq`. */
export interface CommittedChange<RxDocType> {
  readonly after: number;
  readonly seq: number;
  /** Undefined when RxDB announces none of it, as for documents that were inserted already deleted. */
  readonly bulk: ChangeBulk<RxDocType> | undefined;
}

/** Name of the writer in changes that are read from the file because their announcement has not come. */
const unannounced = 'node-sqlite-unannounced';

/**
 * The changes of one table by all instances and processes, in the order of their commits and each once.
 *
 * Sequence numbers of a table have no gaps, so a change that does not follow the last one shows that another process has
 * committed something whose announcement is late or, if that process died, will never come. What is missing is then read
 * from the file; an announcement that comes afterwards is old and is dropped. Without this a stream could show an update
 * before the insert it builds on.
 */
export class ChangeFeed<RxDocType> {
  readonly changes = new Subject<ChangeBulk<RxDocType>>();
  readonly #file: DatabaseFile;
  readonly #table: CollectionTable;
  #lastSeq: number;
  /** The highest number when last looked; what is missing below it a look later is not merely late. */
  #seenInFile: number;

  constructor(file: DatabaseFile, table: CollectionTable) {
    this.#file = file;
    this.#table = table;
    this.#lastSeq = file.readers.readNow((reader) => highestSeq(reader, table));
    this.#seenInFile = this.#lastSeq;
  }

  accept({ after, seq, bulk }: CommittedChange<RxDocType>): void {
    if (seq <= this.#lastSeq) return;
    if (after > this.#lastSeq) this.#readUpTo(after);
    this.#lastSeq = seq;
    if (bulk) this.changes.next(bulk);
  }

  /** Called now and then: finds commits whose process ended before it announced them. True: look again soon. */
  look(): boolean {
    if (this.#lastSeq < this.#seenInFile) this.#readUpTo(this.#seenInFile);
    this.#seenInFile = this.#read((reader) => highestSeq(reader, this.#table)) ?? this.#lastSeq;
    return this.#lastSeq < this.#seenInFile;
  }

  #readUpTo(seq: number): void {
    const select = `SELECT data FROM ${quoted(this.#table.name)} WHERE seq > ? AND seq <= ? ORDER BY seq`;
    const rows = this.#read((reader) => reader.all(select, [this.#lastSeq, seq])) ?? [];
    const documents = rows.map(([data]) => JSON.parse(String(data)) as RxDocumentData<RxDocType>);
    this.#lastSeq = seq;
    const last = documents.at(-1);
    if (!last) return;
    const { fileId } = this.#file;
    this.changes.next({
      id: `${unannounced}-${fileId}-${this.#table.number}-${seq}`,
      context: unannounced,
      checkpoint: checkpointAt(last, this.#table, { fileId, seq }),
      events: documents.map((document) => this.#eventOf(document)),
    });
  }

  /** Undefined when the table cannot be read, such as after another process removed it: nobody here waits for it. */
  #read<Result>(work: (reader: Connection) => Result): Result | undefined {
    try {
      return this.#file.readers.readNow(work);
    } catch {
      return undefined;
    }
  }

  #eventOf(document: RxDocumentData<RxDocType>): ChangeBulk<RxDocType>['events'][number] {
    const documentId = idOf(document, this.#table.layout.primaryPath);
    if (isDeleted(document)) {
      // A tombstone keeps the document's fields; nothing nearer to the state before is known.
      return { operation: 'DELETE', documentId, documentData: document, previousDocumentData: document };
    }
    if (revisionHeight(document) === 1) {
      return { operation: 'INSERT', documentId, documentData: document, previousDocumentData: undefined };
    }
    // RxDB takes an update without its previous state to be of unknown effect and looks again.
    return {
      operation: 'UPDATE',
      documentId,
      documentData: document,
      previousDocumentData: undefined,
    };
  }
}
