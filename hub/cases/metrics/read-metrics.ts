/** The metrics of protocol/metrics.ts, read from the views. Read only. */
import {
  type ExceptionKind,
  instant,
  type MetricName,
  type MetricsView,
  type Rate,
} from '@truecount/protocol';
import type { Queryable } from '../../database/index.ts';
import { lowerBound, normalQuantile } from '../../governance/index.ts';

const DAY_MS = 86_400_000;
/** Two-sided 95 %. */
const CONFIDENCE = 0.975;
const BANDS = 10;
/** Fewer outcomes say nothing about fairness. */
const MIN_COMPARED = 10;

export interface Period {
  readonly nowMs: number;
  readonly days: number;
  readonly currency: string;
}

type Readers = {
  readonly [M in MetricName]: (database: Queryable, period: Period) => Promise<MetricsView[M]>;
};

const since = ({ nowMs, days }: Period): string => instant(nowMs - days * DAY_MS);

export function rateOf(successes: number, outcomes: number): Rate {
  if (outcomes === 0) return { outcomes, successes };
  return {
    outcomes,
    successes,
    rate: successes / outcomes,
    low: lowerBound({ successes, outcomes }, CONFIDENCE),
    high: 1 - lowerBound({ successes: outcomes - successes, outcomes }, CONFIDENCE),
  };
}

interface Tally {
  readonly n: number;
  readonly yes: number;
}
const TALLY = (condition: string): string =>
  `count(*)::int AS n, count(*) FILTER (WHERE ${condition})::int AS yes`;

const readers: Readers = {
  async detection(database, period) {
    const kinds = await database.query<Tally & { kind: ExceptionKind }>(
      `SELECT kind, ${TALLY('is_real')} FROM metric_alarms WHERE at > $1 GROUP BY kind ORDER BY kind`,
      [since(period)],
    );
    const weeks = await database.query<Tally & { week: Date }>(
      `SELECT date_trunc('week', at::timestamptz AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS week, ${TALLY('is_real')}
       FROM metric_alarms WHERE at > $1 GROUP BY 1 ORDER BY 1`,
      [since(period)],
    );
    return {
      kinds: kinds.map(({ kind, n, yes }) => ({
        kind,
        precision: rateOf(yes, n),
        falseAlarmRate: (n - yes) / n,
      })),
      weeks: weeks.map(({ week, n, yes }) => ({ week: instant(week.getTime()), precision: rateOf(yes, n) })),
    };
  },

  async calibration(database, period) {
    const bands = await database.query<Tally & { said: number }>(
      `SELECT avg(confidence) AS said, ${TALLY('is_real')} FROM metric_alarms WHERE at > $1
       GROUP BY least(width_bucket(confidence, 0, 1, ${BANDS}), ${BANDS}) ORDER BY 1`,
      [since(period)],
    );
    const [score] = await database.query<{ brier: number | null }>(
      `SELECT avg(power(confidence - is_real::int, 2))::float8 AS brier FROM metric_alarms WHERE at > $1`,
      [since(period)],
    );
    return {
      bands: bands.map(({ said, n, yes }) => ({ said, seen: rateOf(yes, n) })),
      ...(score?.brier == null ? {} : { brier: score.brier }),
    };
  },

  resolution: async (database, period) => [
    ...(await database.query<MetricsView['resolution'][number]>(
      `SELECT kind, count(*)::int AS cases, percentile_cont(0.5) WITHIN GROUP (ORDER BY hours) AS "medianHours",
         percentile_cont(0.9) WITHIN GROUP (ORDER BY hours) AS "p90Hours"
       FROM metric_resolutions WHERE at > $1 GROUP BY kind ORDER BY kind`,
      [since(period)],
    )),
  ],

  async orders(database, period) {
    const [all] = await savedBy(database, period, `'all'`);
    const byClass = await savedBy(database, period, 'service_class');
    const byStore = await savedBy(database, period, 'store');
    return {
      saved: rateOf(all?.yes ?? 0, all?.n ?? 0),
      byClass: byClass.map(({ by, n, yes }) => ({ serviceClass: by, saved: rateOf(yes, n) })),
      byStore: byStore.map(({ by, n, yes }) => ({ store: by, saved: rateOf(yes, n) })),
    };
  },

  accuracy: async (database) => [
    ...(await database.query<MetricsView['accuracy'][number]>(
      `SELECT store, channel, count(*)::int AS positions, greatest(0, least(1, avg(p_right)))::float8 AS accuracy
       FROM metric_accuracy GROUP BY store, channel ORDER BY store, channel`,
    )),
  ],

  touches: async (database, period) => [
    ...(await database.query<MetricsView['touches'][number]>(
      `SELECT kind, count(*)::int AS cases, avg(touches)::float8 AS "perCase" FROM metric_touches WHERE at > $1
       GROUP BY kind ORDER BY kind`,
      [since(period)],
    )),
  ],

  async compliance(database, period) {
    const [row] = await database.query<{ n: number; refused: number; breaches: number }>(
      `SELECT count(*)::int AS n, count(*) FILTER (WHERE is_refused)::int AS refused,
         count(*) FILTER (WHERE is_breach)::int AS breaches FROM metric_decisions WHERE at > $1`,
      [since(period)],
    );
    const { n, refused, breaches } = row ?? { n: 0, refused: 0, breaches: 0 };
    return { decisions: rateOf(n - refused - breaches, n), refused, breaches };
  },

  async effect(database, period) {
    const rows = await database.query<{ arm: string; n: number; mean: number; variance: number | null }>(
      `SELECT arm, count(*)::int AS n, avg(minor)::float8 AS mean, var_samp(minor)::float8 AS variance
       FROM metric_effects WHERE at > $1 GROUP BY arm`,
      [since(period)],
    );
    const arm = (name: string) => rows.find((row) => row.arm === name);
    const [treated, left] = [arm('automatic'), arm('holdout')];
    const shown = (row: typeof treated) => (row ? { cases: row.n, meanMinor: row.mean } : { cases: 0 });
    const both = { currency: period.currency, automatic: shown(treated), holdout: shown(left) };
    if (treated?.variance == null || left?.variance == null) return both;
    // Welch: the arms differ in size by design, and may differ in spread.
    const error =
      Math.sqrt(treated.variance / treated.n + left.variance / left.n) * normalQuantile(CONFIDENCE);
    const perCaseMinor = treated.mean - left.mean;
    return { ...both, perCaseMinor, lowMinor: perCaseMinor - error, highMinor: perCaseMinor + error };
  },

  async coverage(database, period) {
    const [row] = await database.query<Tally>(
      `SELECT ${TALLY('is_automatic')} FROM case_actions WHERE done_at > $1`,
      [since(period)],
    );
    const { n, yes } = row ?? { n: 0, yes: 0 };
    return { acts: n, automatic: yes, ...(n === 0 ? {} : { share: yes / n }) };
  },

  async fairness(database, period) {
    const { byClass } = await readers.orders(database, period);
    const stores = await database.query<
      Tally & { store: string; cases: number; medianHours: number | null; given: number; received: number }
    >(
      `SELECT s.store, coalesce(o.n, 0)::int AS n, coalesce(o.yes, 0)::int AS yes, coalesce(r.cases, 0)::int AS cases,
         r.median AS "medianHours",
         (SELECT count(*)::int FROM case_transfers t WHERE t.donor = s.store AND t.judged = 'accepted') AS given,
         (SELECT count(*)::int FROM case_transfers t WHERE t.receiver = s.store AND t.judged = 'accepted') AS received
       FROM (SELECT DISTINCT store FROM cases) AS s
       LEFT JOIN (SELECT store, ${TALLY('is_saved')} FROM metric_orders WHERE at > $1 AND ${OVER} GROUP BY store) AS o
         ON o.store = s.store
       LEFT JOIN (SELECT store, count(*) AS cases, percentile_cont(0.5) WITHIN GROUP (ORDER BY hours) AS median
         FROM metric_resolutions WHERE at > $1 GROUP BY store) AS r ON r.store = s.store
       ORDER BY s.store`,
      [since(period), instant(period.nowMs)],
    );
    const byStore = stores.map(({ store, n, yes, cases, medianHours, given, received }) => ({
      store,
      saved: rateOf(yes, n),
      cases,
      ...(medianHours === null ? {} : { medianHours }),
      given,
      received,
    }));
    return { byClass, byStore, ...gap('classGap', byClass), ...gap('storeGap', byStore) };
  },
};

/** Saved, or no longer to be saved. */
const OVER = '(is_saved OR NOT is_open OR promised_at < $2)';

const savedBy = (
  database: Queryable,
  period: Period,
  column: string,
): Promise<readonly (Tally & { readonly by: string })[]> =>
  database.query(
    `SELECT ${column} AS by, ${TALLY('is_saved')} FROM metric_orders WHERE at > $1 AND ${OVER} GROUP BY 1 ORDER BY 1`,
    [since(period), instant(period.nowMs)],
  );

function gap<N extends string>(
  name: N,
  groups: readonly { readonly saved: Rate }[],
): { readonly [K in N]?: number } {
  const rates = groups.flatMap(({ saved }) =>
    saved.outcomes >= MIN_COMPARED && saved.rate !== undefined ? [saved.rate] : [],
  );
  if (rates.length < 2) return {};
  return { [name]: Math.max(...rates) - Math.min(...rates) } as { readonly [K in N]?: number };
}

export const readMetric = <M extends MetricName>(
  database: Queryable,
  name: M,
  period: Period,
): Promise<MetricsView[M]> => readers[name](database, period);

export async function readMetrics(database: Queryable, period: Period): Promise<MetricsView> {
  const { nowMs, days } = period;
  return {
    asOf: instant(nowMs),
    days,
    detection: await readers.detection(database, period),
    calibration: await readers.calibration(database, period),
    resolution: await readers.resolution(database, period),
    orders: await readers.orders(database, period),
    accuracy: await readers.accuracy(database, period),
    touches: await readers.touches(database, period),
    compliance: await readers.compliance(database, period),
    effect: await readers.effect(database, period),
    coverage: await readers.coverage(database, period),
    fairness: await readers.fairness(database, period),
  };
}
