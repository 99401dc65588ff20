import type { Migration } from '../database/index.ts';

export const auditMigrations: readonly Migration[] = [
  {
    id: 'governance/001-audit',
    sql: `
      CREATE TABLE audit_entries (
        seq bigint PRIMARY KEY,
        at text NOT NULL,
        actor text NOT NULL,
        action text NOT NULL,
        subject text NOT NULL,
        text text NOT NULL,
        detail text NOT NULL,
        previous text NOT NULL,
        hash text NOT NULL,
        key_id text NOT NULL,
        signature text NOT NULL
      );
      CREATE INDEX audit_entries_subject ON audit_entries (subject, seq);
      CREATE TABLE audit_head (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        seq bigint NOT NULL,
        hash text NOT NULL,
        at text NOT NULL,
        key_id text NOT NULL,
        signature text NOT NULL
      );
      CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'audit entries are never changed or removed'; END $$;
      CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
        FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();`,
  },
];
