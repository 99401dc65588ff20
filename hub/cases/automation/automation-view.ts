/** How much may be done without people, where and why, as the API shows it. Read only. */
import { type AutomationView, type PolicyDocument, tierFor } from '@truecount/protocol';
import type { Queryable } from '../../database/index.ts';
import { DEFAULT_AUTOMATION, policyFor } from '../../governance/index.ts';
import type { Network } from '../planning/round-facts.ts';
import type { StandingRow } from './standings.ts';

const MAX_ROWS = 2000;

export async function automationView(
  database: Queryable,
  network: Network,
  { policies, nowMs }: { readonly policies: readonly PolicyDocument[]; readonly nowMs: number },
): Promise<AutomationView> {
  const nameOf = (id: string): string => network.stores.find((store) => store.id === id)?.name ?? id;
  const standings = await database.query<StandingRow>(
    `SELECT * FROM automation_standings ORDER BY store, kind, option LIMIT ${MAX_ROWS}`,
  );
  const breakers = await database.query<{
    store: string;
    sku: string;
    kind: string;
    reason: string;
    tripped_at: string;
  }>(`SELECT * FROM breaker_trips ORDER BY tripped_at DESC LIMIT ${MAX_ROWS}`);
  const drift = await database.query<{ store: string; id: string; since: string; text: string | null }>(
    `SELECT DISTINCT c.store, c.id, c.opened_at AS since, f.exception -> 'evidence' -> 0 ->> 'text' AS text
     FROM cases c JOIN case_findings f ON f.case_id = c.id AND f.is_open
     WHERE f.exception ->> 'kind' = 'model-drift' AND NOT c.is_over ORDER BY since DESC LIMIT ${MAX_ROWS}`,
  );
  const bundles = new Map(network.stores.map(({ id }) => [id, policyFor(policies, id, nowMs)?.bundle]));
  return {
    standings: standings.flatMap((row) => {
      const bundle = bundles.get(row.store);
      if (!bundle) return [];
      const policyTier = tierFor(bundle, row.kind, row.option);
      return [
        {
          kind: row.kind,
          option: row.option,
          store: row.store,
          storeName: nameOf(row.store),
          policyTier,
          tier: policyTier === 'automate' && !row.is_earned ? ('recommend' as const) : policyTier,
          isEarned: row.is_earned,
          reason: row.reason.slice(0, 500),
          outcomes: row.outcomes,
          successes: row.successes,
          lowerBound: row.lower_bound,
          target: (bundle.automation ?? DEFAULT_AUTOMATION).targetRate,
          since: row.since,
        },
      ];
    }),
    breakers: breakers.map(({ store, sku, kind, reason, tripped_at: trippedAt }) => ({
      store,
      storeName: nameOf(store),
      ...(sku === '' ? {} : { sku }),
      kind,
      reason,
      trippedAt,
    })),
    drift: drift.map(({ store, id, since, text }) => ({
      store,
      storeName: nameOf(store),
      caseId: id,
      since,
      text: text ?? 'the model drifts',
    })),
  };
}
