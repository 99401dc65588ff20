/** The tables of enrolment. The credentials of a device are columns of its row in `devices` (hub/intake). */
import type { Migration } from '../database/index.ts';

export const enrolmentMigrations: readonly Migration[] = [
  {
    id: 'enrolment/001-credentials',
    sql: `
      ALTER TABLE devices
        -- Of the key that enrolled; null for a device whose secret came from a config.
        ADD COLUMN public_key text,
        ADD COLUMN generation int NOT NULL DEFAULT 0,
        -- A rotated secret that its device has not used yet: from this salt, for generation + 1.
        ADD COLUMN next_salt text,
        ADD COLUMN next_hash text,
        ADD COLUMN revoked_at timestamptz;`,
  },
  {
    id: 'enrolment/002-codes',
    sql: `
      CREATE TABLE enrolment_codes (
        id text PRIMARY KEY,
        -- The first group, by which a code is found; the whole code only as a keyed hash.
        selector text NOT NULL,
        code_hash text NOT NULL,
        store text NOT NULL,
        device text NOT NULL,
        made_by text NOT NULL,
        made_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        wrong_tries int NOT NULL DEFAULT 0,
        redeemed_at timestamptz,
        -- Whose answer it was, and what makes the same answer again.
        redeemed_key text,
        salt text,
        generation int,
        withdrawn boolean NOT NULL DEFAULT false
      );
      CREATE INDEX enrolment_codes_by_selector ON enrolment_codes (selector, expires_at);`,
  },
];
