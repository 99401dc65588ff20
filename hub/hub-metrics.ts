/** The hub's numbers for Prometheus, read from the tables when they are asked for. */
import { Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { Queryable } from './database/index.ts';

export function hubMetrics(database: Queryable): () => Promise<string> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, labelNames: readonly string[] = []): Gauge =>
    new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });
  const cases = gauge('truecount_cases', 'Cases by state', ['state']);
  const unscored = gauge('truecount_cases_to_score', 'Cases whose score is asked for and not yet made');
  const documents = gauge('truecount_documents', 'Documents by collection', ['collection']);
  const work = gauge('truecount_work_items', 'Follow-up work that is waiting, and given up', ['state']);
  const audit = gauge('truecount_audit_entries', 'Entries of the audit chain');
  const quarantine = gauge('truecount_quarantine', 'Documents in quarantine');
  return async () => {
    const count = async (into: Gauge, label: string | undefined, sql: string): Promise<void> => {
      into.reset();
      for (const row of await database.query<{ label: string; n: number }>(sql))
        if (label === undefined) into.set(row.n);
        else into.set({ [label]: row.label }, row.n);
    };
    await count(cases, 'state', 'SELECT state AS label, count(*) AS n FROM cases GROUP BY state');
    await count(
      unscored,
      undefined,
      `SELECT '' AS label, count(*) AS n FROM cases WHERE wants_score AND NOT is_over`,
    );
    await count(
      documents,
      'collection',
      'SELECT collection AS label, count(*) AS n FROM documents GROUP BY collection',
    );
    await count(
      work,
      'state',
      `SELECT CASE WHEN parked THEN 'parked' ELSE 'waiting' END AS label, count(*) AS n FROM work_items GROUP BY 1`,
    );
    await count(audit, undefined, `SELECT '' AS label, count(*) AS n FROM audit_entries`);
    await count(
      quarantine,
      undefined,
      `SELECT '' AS label, count(*) AS n FROM quarantine WHERE state = 'waiting'`,
    );
    return registry.metrics();
  };
}
