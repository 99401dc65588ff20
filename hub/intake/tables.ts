/** The tables of intake. */
import type { Migration } from '../database/index.ts';

export const intakeMigrations: readonly Migration[] = [
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
        WHERE other_store IS NOT NULL;
      -- Names this order of changes; a restored database gets another row and devices compare everything again.
      CREATE TABLE document_history (id text PRIMARY KEY);
      INSERT INTO document_history VALUES (gen_random_uuid()::text);`,
  },
  {
    id: 'intake/002-devices',
    sql: `
      CREATE TABLE devices (
        id text PRIMARY KEY,
        store text NOT NULL,
        secret_hash text NOT NULL,
        -- The same secret as a line of Mosquitto's password file.
        broker_line text NOT NULL,
        enrolled_at timestamptz NOT NULL,
        revoked_reason text,
        -- The life that is accepted: see admission.ts.
        epoch int,
        start text,
        opened_at timestamptz,
        -- The last life that was refused.
        refused_start text,
        refused_at timestamptz,
        version text,
        online boolean NOT NULL DEFAULT false,
        since timestamptz,
        feeds jsonb NOT NULL DEFAULT '[]'
      );
      CREATE INDEX devices_by_store ON devices (store);`,
  },
  {
    id: 'intake/003-quarantine',
    sql: `
      CREATE TABLE quarantine (
        id text PRIMARY KEY,
        device text NOT NULL,
        store text NOT NULL,
        collection text NOT NULL,
        document_id text NOT NULL,
        -- As it was sent; text, because what jsonb refuses must fit in too.
        document text NOT NULL,
        reason text NOT NULL,
        at timestamptz NOT NULL,
        -- waiting | accepted | discarded | superseded
        state text NOT NULL DEFAULT 'waiting'
      );
      CREATE INDEX quarantine_waiting ON quarantine (device, collection, document_id) WHERE state = 'waiting';`,
  },
  {
    id: 'intake/004-answers',
    sql: `
      CREATE TABLE answers (
        device text NOT NULL,
        request text NOT NULL,
        answer text NOT NULL,
        at timestamptz NOT NULL,
        PRIMARY KEY (device, request)
      );
      CREATE INDEX answers_by_age ON answers (at);`,
  },
];
