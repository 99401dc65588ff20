/**
 * What happened, one row per fact, as views over the log of cases: the same on PGlite and PostgreSQL. Nothing here is
 * stored, so nothing can differ from the log.
 */
import type { Migration } from '../../database/index.ts';

export const metricMigrations: readonly Migration[] = [
  {
    id: 'cases/008-metrics',
    sql: `
      -- Alarms with their truth: what somebody counted, picked or saw afterwards. Other endings prove nothing.
      CREATE VIEW metric_alarms AS
        SELECT f.exception_id AS id, f.exception ->> 'kind' AS kind, f.exception ->> 'store' AS store,
          f.exception ->> 'closedAt' AS at, (f.exception ->> 'confidence')::float8 AS confidence,
          (f.exception -> 'exposure' ->> 'minor')::bigint AS exposure_minor,
          CASE f.exception -> 'outcome' ->> 'code'
            WHEN 'counted' THEN 'count' WHEN 'seen' THEN 'look' ELSE 'pick' END AS labelled_by,
          CASE
            WHEN f.exception ->> 'kind' = 'hidden-stock' THEN
              coalesce((f.exception -> 'outcome' -> 'params' ->> 'qty')::float8, 1) >
                coalesce((SELECT (e -> 'params' ->> 'record')::float8
                  FROM jsonb_array_elements(f.exception -> 'evidence') e WHERE e ->> 'code' = 'believed-more' LIMIT 1), 0)
            WHEN f.exception -> 'outcome' ->> 'code' = 'counted'
              THEN (f.exception -> 'outcome' -> 'params' ->> 'qty')::float8 <= 0
            WHEN f.exception -> 'outcome' ->> 'code' = 'seen' THEN false
            ELSE (f.exception -> 'outcome' -> 'params' ->> 'found')::float8 <= 0
          END AS is_real
        FROM case_findings f
        WHERE f.found_by = 'store' AND NOT f.is_open AND f.exception ->> 'kind' IN ('phantom-stock', 'hidden-stock')
          AND f.exception ->> 'closedAt' IS NOT NULL
          AND f.exception -> 'outcome' ->> 'code' IN ('counted', 'seen', 'picked', 'pick-short');

      CREATE VIEW metric_resolutions AS
        SELECT c.id, c.kind, c.store, t.at,
          extract(epoch FROM t.at::timestamptz - c.opened_at::timestamptz)::float8 / 3600 AS hours
        FROM cases c JOIN LATERAL (
          SELECT at FROM case_transitions WHERE case_id = c.id AND to_state = 'resolved' ORDER BY seq LIMIT 1
        ) AS t ON true;

      -- An order is saved when somebody picked all of it by its promise, at whatever store; lost when it is over or
      -- its promise has passed without that.
      CREATE VIEW metric_orders AS
        SELECT c.id, c.order_id, c.store, c.opened_at AS at, o.document ->> 'serviceClass' AS service_class,
          o.document ->> 'promisedAt' AS promised_at,
          family.picked AND family.last_pick <= o.document ->> 'promisedAt' AS is_saved,
          family.open > 0 AS is_open
        FROM cases c
        JOIN documents o ON o.collection = 'orders' AND o.id = c.order_id
        JOIN LATERAL (
          SELECT bool_or(m.document ->> 'state' = 'picked') AND NOT bool_or(m.document ->> 'state' = 'open') AS picked,
            count(*) FILTER (WHERE m.document ->> 'state' = 'open') AS open,
            coalesce(max(p.document -> 'done' ->> 'at'), '') AS last_pick
          FROM documents m LEFT JOIN documents p ON p.collection = 'tasks' AND p.document ->> 'order' = m.id
            AND p.document ->> 'kind' = 'pick'
          WHERE m.collection = 'orders' AND split_part(m.id, '~', 1) = split_part(c.order_id, '~', 1)
        ) AS family ON true
        WHERE c.order_id IS NOT NULL AND c.kind IN ('pick-failed', 'order-at-risk', 'reservation-mismatch');

      -- Everything a person did for a case: decisions at hub and store, work done, steps of transfers.
      CREATE VIEW metric_touches AS
        SELECT c.id, c.kind, c.store, c.opened_at AS at,
          (SELECT count(*) FROM case_transitions t WHERE t.case_id = c.id AND t.event <> 'propose'
             AND t.actor !~ '^(hub|policy |store |orders)')
          + (SELECT count(*) FROM audit_entries e WHERE e.subject = 'case:' || c.id AND e.action LIKE 'transfer.%')
            AS touches
        FROM cases c WHERE c.is_over OR c.state IN ('declined', 'expired');

      CREATE VIEW metric_decisions AS
        SELECT t.id, t.donor AS store, d.document -> 'donor' -> 'decision' ->> 'at' AS at,
          t.judged = 'refused' AS is_refused,
          EXISTS (SELECT 1 FROM case_findings f WHERE f.exception_id = t.id || '|breach') AS is_breach
        FROM case_transfers t JOIN documents d ON d.collection = 'transfers' AND d.id = t.id
        WHERE d.document -> 'donor' -> 'decision' ->> 'verdict' = 'approve';

      -- Cases in which the policy would have acted alone, by whether it did or left them to people, and what came of it.
      CREATE VIEW metric_effects AS
        SELECT s.case_id AS id, c.store, c.kind, s.at, CASE WHEN s.held_out THEN 'holdout' ELSE 'automatic' END AS arm,
          CASE WHEN l.success THEN s.expected_minor ELSE 0 END AS minor
        FROM (
          SELECT DISTINCT ON (case_id) case_id, at, held_out, chosen_option, expected_minor FROM case_scores
          WHERE held_out OR (tier = 'automate' AND chosen_option IS NOT NULL) ORDER BY case_id, round
        ) AS s
        JOIN cases c ON c.id = s.case_id
        LEFT JOIN LATERAL (
          SELECT bool_or(o.success) AS success FROM outcome_labels o WHERE o.case_id = s.case_id
        ) AS l ON true
        WHERE l.success IS NOT NULL OR c.is_over;

      -- The record's own number is right with the probability the belief gives to exactly it; what a channel shows can
      -- be kept with the probability of at least that many.
      CREATE VIEW metric_accuracy AS
        SELECT p.store, 'record' AS channel, p.document ->> 'asOf' AS at,
          coalesce((p.document -> 'pmf' ->> round((p.document ->> 'record')::numeric)::int)::float8, 0)
            * ((p.document ->> 'record')::float8 >= 0)::int AS p_right
        FROM documents p WHERE p.collection = 'positions' AND NOT p.deleted
        UNION ALL
        SELECT s.store, s.channel, s.at,
          (SELECT coalesce(sum(q.value::text::float8), 0)
           FROM jsonb_array_elements(p.document -> 'pmf') WITH ORDINALITY AS q(value, n) WHERE q.n > s.qty)
        FROM published_stock s
        JOIN documents p ON p.collection = 'positions' AND p.id = s.store || '|' || s.sku AND NOT p.deleted;`,
  },
];
