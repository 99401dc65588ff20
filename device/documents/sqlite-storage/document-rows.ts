import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { columnReader, quoted } from './collection-layout.ts';
import type { CollectionTable } from './collection-table.ts';
import type { Connection } from './connection.ts';
import { idOf, revisionOf, type StoredDocument } from './document-fields.ts';
import type { StoredVersion } from './documents.ts';
import { orderedKey } from './key-order.ts';

/** A version that a bulk wrote, for the document cache. */
export interface WrittenVersion {
  readonly seq: number;
  readonly document: StoredDocument;
  readonly bytes: number;
  /** The version it took the place of. */
  readonly replacedSeq: number | undefined;
}

/** Writes documents as rows and gives each write the next sequence number. */
export class DocumentRows {
  readonly written: WrittenVersion[] = [];
  lastSeq: number;
  readonly #writer: Connection;
  readonly #primaryPath: string;
  readonly #columnsOf: (document: object) => SQLInputValue[];
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #select: string;

  constructor(writer: Connection, table: CollectionTable, lastSeq: number) {
    const name = quoted(table.name);
    const columns = ['seq', 'rev', 'data', ...table.layout.columns.map((column) => quoted(column.name))];
    this.lastSeq = lastSeq;
    this.#writer = writer;
    this.#primaryPath = table.layout.primaryPath;
    this.#columnsOf = columnReader(table.layout);
    this.#insert = writer.prepare(
      `INSERT INTO ${name} (${columns.join(', ')}, id) VALUES (${columns.map(() => '?').join(', ')}, ?)`,
    );
    this.#update = writer.prepare(
      `UPDATE ${name} SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`,
    );
    this.#select = `SELECT data FROM ${name} WHERE id = ?`;
  }

  /** `stored` is the version to replace, if there is one. */
  write(document: StoredDocument, stored: StoredVersion | undefined): void {
    this.lastSeq += 1;
    const json = JSON.stringify(document);
    const key = orderedKey(idOf(document, this.#primaryPath));
    const statement = stored ? this.#update : this.#insert;
    statement.run(this.lastSeq, revisionOf(document), json, ...this.#columnsOf(document), key);
    this.written.push({ seq: this.lastSeq, document, bytes: json.length, replacedSeq: stored?.seq });
  }

  /** The document written last. */
  get last(): StoredDocument | undefined {
    return this.written.at(-1)?.document;
  }

  read(id: string): unknown {
    return JSON.parse(String(this.#writer.get(this.#select, [orderedKey(id)])?.[0]));
  }
}
