/** The tables of intake. */
import type { Migration } from '../database/index.ts';

export const documentMigrations: readonly Migration[] = [
  {
    id: 'intake/001-documents',
    sql: `
      CREATE SEQUENCE document_seq;
      CREATE TABLE documents (
        collection text NOT NULL,
        id text NOT NULL,
        -- Rises with every change; within one store it rises in the order of commits (see document-locks.ts).
        seq bigint NOT NULL,
        -- The store that holds the document, '*' for all; a transfer also has the receiving store.
        store text NOT NULL,
        other_store text,
        document jsonb NOT NULL,
        deleted boolean NOT NULL DEFAULT false,
        updated_by text NOT NULL,
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (collection, id)
      );
      CREATE INDEX documents_by_store ON documents (collection, store, seq);
      CREATE INDEX documents_by_other_store ON documents (collection, other_store, seq)
        WHERE other_store IS NOT NULL;`,
  },
];
