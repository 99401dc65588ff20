/**
 * How what was done turned out, read from the log: nobody types a label in. An act that ended well and stands is a
 * success; one that failed, was not done in time, was taken back, was declined, or was passed over for another option
 * is a failure. Acts that are still under way have no label.
 */
import type { Migration } from '../../database/index.ts';

export const automationMigrations: readonly Migration[] = [
  {
    id: 'cases/006-automation',
    sql: `
      ALTER TABLE case_scores ADD COLUMN chosen_option text;
      ALTER TABLE case_scores ADD COLUMN expected_minor bigint;
      ALTER TABLE case_scores ADD COLUMN tier text;
      -- The policy would have acted alone, and the case was drawn to be left to people.
      ALTER TABLE case_scores ADD COLUMN held_out boolean NOT NULL DEFAULT false;
      UPDATE case_scores s SET chosen_option = o.value ->> 'option', expected_minor = (o.value ->> 'expectedMinor')::bigint
        FROM case_scores known, jsonb_array_elements(known.options::jsonb) AS o
        WHERE known.case_id = s.case_id AND known.round = s.round AND o.value ->> 'id' = known.chosen;

      CREATE INDEX cases_by_store ON cases (store, kind);

      -- The last transition before the act: what ended it comes later.
      ALTER TABLE case_actions ADD COLUMN after_seq integer NOT NULL DEFAULT 0;
      UPDATE case_actions a SET after_seq = coalesce(
        (SELECT max(t.seq) FROM case_transitions t
         WHERE t.case_id = a.case_id AND t.at <= a.done_at AND t.event IN ('approve', 'propose')), 0);

      CREATE VIEW outcome_labels AS
        SELECT a.id, a.case_id, c.kind, a.option, c.store, e.at,
          e.event IN ('succeed', 'reopen') AND a.undone_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM case_transitions u
            WHERE u.case_id = a.case_id AND u.seq > a.after_seq AND u.event = 'undo') AS success,
          e.event AS how
        FROM case_actions a JOIN cases c ON c.id = a.case_id
        JOIN LATERAL (
          SELECT t.event, t.at FROM case_transitions t
          WHERE t.case_id = a.case_id AND t.seq > a.after_seq
            AND (t.event IN ('succeed', 'fail', 'escalate', 'decline', 'undo')
              -- What somebody was asked to look at was looked at.
              OR (t.event = 'reopen' AND t.from_state = 'acting' AND a.option IN ('count', 'restock')))
          ORDER BY t.seq LIMIT 1
        ) AS e ON true
        -- Half of another act is judged with it.
        WHERE a.undo ->> 'until' IS NULL
        UNION ALL
        SELECT t.case_id || '#' || t.seq, t.case_id, c.kind, s.chosen_option, c.store, t.at, false, 'declined'
        FROM case_transitions t JOIN cases c ON c.id = t.case_id
        JOIN LATERAL (
          SELECT k.chosen_option FROM case_scores k WHERE k.case_id = t.case_id AND k.at <= t.at
          ORDER BY k.round DESC LIMIT 1
        ) AS s ON s.chosen_option IS NOT NULL
        WHERE t.event = 'decline' AND t.from_state IN ('open', 'observing', 'proposed', 'escalated')
        UNION ALL
        SELECT d.id || '#' || d.case_id, d.case_id, c.kind, s.chosen_option, c.store, d.at, false, 'overruled'
        FROM case_decisions d JOIN cases c ON c.id = d.case_id
        JOIN LATERAL (
          SELECT k.chosen_option, k.chosen FROM case_scores k WHERE k.case_id = d.case_id AND k.at <= d.at
          ORDER BY k.round DESC LIMIT 1
        ) AS s ON s.chosen_option IS NOT NULL
        WHERE d.verdict = 'approve' AND d.outcome = 'done' AND d.option_id IS NOT NULL AND d.option_id <> s.chosen;

      CREATE TABLE automation_standings (
        kind text NOT NULL,
        option text NOT NULL,
        store text NOT NULL,
        is_earned boolean NOT NULL,
        reason text NOT NULL,
        successes integer NOT NULL,
        outcomes integer NOT NULL,
        lower_bound double precision NOT NULL,
        -- Since when it is as it is, and from when outcomes count: after a loss it is earned from nothing.
        since text NOT NULL,
        counted_from text NOT NULL,
        lost_because text,
        PRIMARY KEY (kind, option, store)
      );`,
  },
];
