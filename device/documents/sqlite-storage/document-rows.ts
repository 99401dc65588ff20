import type { SQLInputValue } from 'node:sqlite';
import type { CollectionTable } from './collection-table.ts';
import type { Connection } from './connection.ts';
import { idOf, revisionOf, type StoredDocument } from './document-fields.ts';
import type { StoredVersion } from './documents.ts';
import { isConstraint } from './errors.ts';
import { orderedKey } from './key-order.ts';
import type { Steps } from './steps.ts';

/** A version that a bulk wrote, for the document cache. */
export interface WrittenVersion {
  readonly seq: number;
  readonly document: StoredDocument;
  readonly bytes: number;
  /** The version it took the place of. */
  readonly replacedSeq: number | undefined;
}

interface PreparedRow {
  readonly document: StoredDocument;
  readonly id: string;
  readonly bytes: number;
  /** What the statement takes; the number, in the first place, is given when the row is written. */
  readonly params: SQLInputValue[];
}

/** JSON text written between two pauses of the event loop: about a millisecond of work. */
const charactersPerStep = 64 * 1024;

/** Writes documents as rows and gives each write the next sequence number. */
export class DocumentRows {
  readonly written: WrittenVersion[] = [];
  lastSeq: number;
  readonly #writer: Connection;
  readonly #table: CollectionTable;

  constructor(writer: Connection, table: CollectionTable, lastSeq: number) {
    this.lastSeq = lastSeq;
    this.#writer = writer;
    this.#table = table;
  }

  /** `stored` are the versions to replace, by id. */
  *write(documents: readonly StoredDocument[], stored: ReadonlyMap<string, StoredVersion>): Steps<void> {
    const insert = this.#writer.prepare(this.#table.sql.insert);
    const update = this.#writer.prepare(this.#table.sql.update);
    for (let at = 0; at < documents.length; ) {
      const rows = this.#rowsFrom(documents, at);
      at += rows.length;
      for (const { document, id, bytes, params } of rows) {
        const replaced = stored.size === 0 ? undefined : stored.get(id);
        const seq = this.lastSeq + 1;
        params[0] = seq;
        (replaced ? update : insert).run(...params);
        this.lastSeq = seq;
        this.written.push({ seq, document, bytes, replacedSeq: replaced?.seq });
      }
      yield;
    }
  }

  /**
   * Inserts documents that nobody has looked up. When one of them exists already, none is written and the answer is
   * false. For new documents that saves the look-up, which costs a quarter of the insert.
   */
  *writeUnlessStored(documents: readonly StoredDocument[]): Steps<boolean> {
    const firstSeq = this.lastSeq;
    const firstWritten = this.written.length;
    try {
      yield* this.write(documents, new Map());
      return true;
    } catch (error) {
      if (!isConstraint(error)) throw error;
      this.#writer.run(this.#table.sql.removeAfter, [firstSeq]);
      this.lastSeq = firstSeq;
      this.written.length = firstWritten;
      return false;
    }
  }

  /** The document written last. */
  get last(): StoredDocument | undefined {
    return this.written.at(-1)?.document;
  }

  read(id: string): unknown {
    return JSON.parse(String(this.#writer.get(this.#table.sql.dataById, [orderedKey(id)])?.[0]));
  }

  /**
   * The rows of one step. They are made first and written then, because JSON and SQLite's trees take turns badly: each
   * pushes the other out of the processor's caches.
   */
  #rowsFrom(documents: readonly StoredDocument[], from: number): readonly PreparedRow[] {
    const { layout, addColumns } = this.#table;
    const rows: PreparedRow[] = [];
    let characters = 0;
    for (let at = from; at < documents.length && characters < charactersPerStep; at += 1) {
      const document = documents[at];
      if (!document) break;
      const json = JSON.stringify(document);
      characters += json.length;
      const id = idOf(document, layout.primaryPath);
      const params = addColumns(document, [0, revisionOf(document), json]);
      params.push(orderedKey(id));
      rows.push({ document, id, bytes: json.length, params });
    }
    return rows;
  }
}
