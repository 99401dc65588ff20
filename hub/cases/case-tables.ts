/** The tables of cases. Instants of the business are ISO text from the hub's clock; only retries use the database's. */
import type { Migration } from '../database/index.ts';

export const caseMigrations: readonly Migration[] = [
  {
    id: 'cases/001-cases',
    sql: `
      CREATE TABLE work_items (
        id bigserial PRIMARY KEY,
        topic text NOT NULL,
        subject text NOT NULL,
        attempts integer NOT NULL DEFAULT 0,
        not_before timestamptz NOT NULL DEFAULT now(),
        parked boolean NOT NULL DEFAULT false,
        last_error text
      );
      CREATE INDEX work_items_ready ON work_items (id) WHERE NOT parked;

      CREATE TABLE cases (
        id text PRIMARY KEY,
        root text NOT NULL,
        kind text NOT NULL,
        store text NOT NULL,
        sku text,
        name text,
        order_id text,
        state text NOT NULL,
        tier text NOT NULL,
        opened_at text NOT NULL,
        updated_at text NOT NULL,
        due_at text NOT NULL,
        exposure_minor bigint NOT NULL,
        currency text NOT NULL,
        confidence double precision NOT NULL,
        headline text NOT NULL,
        policy_hash text NOT NULL,
        workflow_version integer NOT NULL,
        -- Rounds of scoring so far; bounded, so that a case cannot propose for ever.
        rounds integer NOT NULL DEFAULT 0,
        wants_score boolean NOT NULL DEFAULT false,
        wake_at text,
        is_over boolean NOT NULL DEFAULT false
      );
      CREATE UNIQUE INDEX cases_one_live_per_root ON cases (root) WHERE NOT is_over;
      CREATE INDEX cases_wanting_score ON cases (due_at) WHERE wants_score;
      CREATE INDEX cases_waking ON cases (wake_at) WHERE wake_at IS NOT NULL;
      CREATE INDEX cases_by_time ON cases (updated_at DESC, id DESC);

      CREATE TABLE case_findings (
        exception_id text PRIMARY KEY,
        case_id text NOT NULL REFERENCES cases (id),
        found_by text NOT NULL,
        is_open boolean NOT NULL,
        exception jsonb NOT NULL
      );
      CREATE INDEX case_findings_by_case ON case_findings (case_id);

      CREATE TABLE case_transitions (
        case_id text NOT NULL REFERENCES cases (id),
        seq integer NOT NULL,
        at text NOT NULL,
        from_state text,
        to_state text NOT NULL,
        event text NOT NULL,
        actor text NOT NULL,
        source text NOT NULL,
        text text NOT NULL,
        PRIMARY KEY (case_id, seq)
      );

      CREATE TABLE case_scores (
        case_id text NOT NULL REFERENCES cases (id),
        round integer NOT NULL,
        at text NOT NULL,
        policy_hash text NOT NULL,
        -- RFC 8785 text of everything the scores were computed from, and of the whole table of options.
        inputs text NOT NULL,
        options text NOT NULL,
        chosen text,
        PRIMARY KEY (case_id, round)
      );

      -- What people asked for, kept before it is matched with the case.
      CREATE TABLE case_decisions (
        id text PRIMARY KEY,
        case_id text NOT NULL,
        verdict text NOT NULL,
        option_id text,
        reason text,
        actor text NOT NULL,
        at text NOT NULL,
        outcome text
      );

      CREATE TABLE case_transfers (
        id text PRIMARY KEY,
        case_id text REFERENCES cases (id),
        donor text NOT NULL,
        receiver text NOT NULL,
        sku text NOT NULL,
        stage text NOT NULL,
        -- waiting, accepted, refused, declined, expired, withdrawn
        judged text NOT NULL DEFAULT 'waiting',
        is_live boolean NOT NULL DEFAULT true,
        lane_hours double precision NOT NULL,
        wake_at text
      );
      CREATE INDEX case_transfers_live ON case_transfers (sku) WHERE is_live;
      CREATE INDEX case_transfers_by_case ON case_transfers (case_id);
      CREATE INDEX case_transfers_waking ON case_transfers (wake_at) WHERE wake_at IS NOT NULL;

      CREATE TABLE reservations (
        id text PRIMARY KEY,
        store text NOT NULL,
        sku text NOT NULL,
        qty integer NOT NULL CHECK (qty > 0),
        -- transfer:<id>, order:<id>, lease:<store>
        owner text NOT NULL,
        made_at text NOT NULL,
        expires_at text NOT NULL,
        ended_at text,
        end_reason text
      );
      CREATE INDEX reservations_live ON reservations (store, sku) WHERE ended_at IS NULL;
      CREATE INDEX reservations_by_owner ON reservations (owner) WHERE ended_at IS NULL;

      CREATE TABLE plans (
        id bigserial PRIMARY KEY,
        at text NOT NULL,
        problem_hash text NOT NULL,
        problem text NOT NULL,
        plan text NOT NULL
      );

      CREATE TABLE hub_turns (
        name text PRIMARY KEY,
        owner text NOT NULL,
        until timestamptz NOT NULL
      );`,
  },
];
