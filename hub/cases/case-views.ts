/** Cases, transfers and the plan as the hub's API shows them. Read only. */
import {
  type CasePage,
  type CaseSummary,
  type CaseView,
  type HubTransferView,
  type Plan,
  type PlanView,
  type Role,
  type ScoredOption,
  type TimelineEntry,
  type Transfer,
  transferStage,
  moneyText,
  moneyOf,
} from '@truecount/protocol';
import type { Queryable } from '../database/index.ts';
import { actionsToUndo } from './actions.ts';
import { nextState } from './case-machine.ts';
import { type CaseRow, findCase } from './case-rows.ts';
import { allowedVerdicts } from './decide-case.ts';
import { percentText } from './figures.ts';
import type { Network } from './planning/round-facts.ts';
import type { KeptOption } from './scoring/candidate.ts';
import { transfersOfCase } from './transfers/transfer-rows.ts';

const PAGE = 50;
const MAX_TRANSFERS = 500;

export interface CaseFilter {
  readonly state?: string | undefined;
  readonly store?: string | undefined;
  readonly kind?: string | undefined;
  readonly cursor?: string | undefined;
}

/** Newest change first. A cursor is the place of the last row of the page before. */
export async function casePage(database: Queryable, network: Network, filter: CaseFilter): Promise<CasePage> {
  const [beforeAt, beforeId] = readCursor(filter.cursor);
  const where = `($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR store = $2) AND ($3::text IS NULL OR kind = $3)`;
  const values = [filter.state ?? null, filter.store ?? null, filter.kind ?? null];
  const rows = await database.query<CaseRow>(
    `SELECT * FROM cases WHERE ${where} AND ($4::text IS NULL OR (updated_at, id) < ($4, $5))
     ORDER BY updated_at DESC, id DESC LIMIT ${PAGE + 1}`,
    [...values, beforeAt ?? null, beforeId ?? null],
  );
  const [counted] = await database.query<{ n: number }>(
    `SELECT count(*) AS n FROM cases WHERE ${where}`,
    values,
  );
  const items = rows.slice(0, PAGE);
  const last = items.at(-1);
  return {
    items: items.map((row) => summaryOf(row, network)),
    ...(rows.length > PAGE && last ? { nextCursor: `${last.updated_at} ${last.id}` } : {}),
    total: counted?.n ?? 0,
  };
}

const readCursor = (cursor: string | undefined): readonly [string?, string?] => {
  const [at, id] = cursor?.split(' ') ?? [];
  return at === undefined || id === undefined ? [] : [at, id];
};

function summaryOf(row: CaseRow, network: Network): CaseSummary {
  return {
    id: row.id,
    kind: row.kind,
    store: row.store,
    storeName: nameOf(network, row.store),
    ...(row.sku === null ? {} : { sku: row.sku }),
    ...(row.name === null ? {} : { name: row.name }),
    ...(row.order_id === null ? {} : { order: row.order_id }),
    state: row.state,
    tier: row.tier,
    openedAt: row.opened_at,
    updatedAt: row.updated_at,
    dueAt: row.due_at,
    exposure: { minor: row.exposure_minor, currency: row.currency },
    confidence: row.confidence,
    headline: row.headline,
  };
}

const nameOf = (network: Network, id: string): string =>
  network.stores.find((store) => store.id === id)?.name ?? id;

export async function caseView(
  database: Queryable,
  id: string,
  viewer: { readonly network: Network; readonly role: Role | undefined },
): Promise<CaseView | undefined> {
  const row = await findCase(database, id);
  if (!row) return undefined;
  const [score] = await database.query<{ options: string; chosen: string | null }>(
    'SELECT options, chosen FROM case_scores WHERE case_id = $1 ORDER BY round DESC LIMIT 1',
    [id],
  );
  const transfers = await transfersOfCase(database, id);
  const transferId = (transfers.findLast(({ is_live }) => is_live) ?? transfers.at(-1))?.id;
  return {
    case: summaryOf(row, viewer.network),
    timeline: await timelineOf(database, id),
    options: score ? optionsOf(score, row.currency) : [],
    ...(transferId === undefined ? {} : { transferId }),
    policyVersion: row.policy_hash,
    workflowVersion: row.workflow_version,
    allowed: [
      ...allowedVerdicts(row.state, viewer.role),
      ...((await mayUndo(database, row, viewer.role)) ? ['undo'] : []),
    ],
  };
}

async function mayUndo(database: Queryable, row: CaseRow, role: Role | undefined): Promise<boolean> {
  if (nextState(row.state, 'undo') === undefined || (role !== 'ops' && role !== 'admin')) return false;
  const actions = await actionsToUndo(database, row.id);
  return actions.some(({ undo }) => undo.kind !== 'impossible' && undo.kind !== 'nothing');
}

/** Transitions, steps of transfers, and evidence and causes as the stores stated them, oldest first. */
async function timelineOf(database: Queryable, id: string): Promise<TimelineEntry[]> {
  return [
    ...(await database.query<TimelineEntry>(
      `SELECT at, source, actor, text FROM (
         SELECT at, source, actor, text, 1 AS part, seq::bigint AS seq FROM case_transitions WHERE case_id = $1
         UNION ALL
         SELECT at, action AS source, actor, text, 1, seq FROM audit_entries
           WHERE subject = 'case:' || $1 AND action LIKE 'transfer.%'
         UNION ALL
         SELECT e ->> 'at', 'store ' || (f.exception ->> 'store'), f.exception ->> 'kind', e ->> 'text', 0, 0
           FROM case_findings f, jsonb_array_elements(f.exception -> 'evidence') e WHERE f.case_id = $1
         UNION ALL
         SELECT f.exception ->> 'detectedAt', 'store ' || (f.exception ->> 'store'), f.exception ->> 'kind',
                'most likely ' || (f.exception #>> '{cause,0,text}')
                || ' (' || round((f.exception #>> '{cause,0,probability}')::numeric * 100) || ' %)', 0, 1
           FROM case_findings f WHERE f.case_id = $1 AND f.exception #> '{cause,0}' IS NOT NULL
         UNION ALL
         SELECT f.exception #>> '{found,at}', 'store ' || (f.exception ->> 'store'), f.exception ->> 'kind',
                'found to be: ' || replace(f.exception #>> '{found,cause}', '-', ' '), 0, 2
           FROM case_findings f WHERE f.case_id = $1 AND f.exception -> 'found' IS NOT NULL
       ) AS entries ORDER BY at, part, seq LIMIT 500`,
      [id],
    )),
  ];
}

function optionsOf(
  score: { readonly options: string; readonly chosen: string | null },
  currency: string,
): ScoredOption[] {
  const kept = JSON.parse(score.options) as readonly KeptOption[];
  return kept.map((option) => ({
    id: option.id,
    option: option.option,
    text: option.text.slice(0, 500),
    expected: { minor: option.expectedMinor, currency },
    spread: { minor: option.spreadMinor, currency },
    successProbability: Math.max(0, Math.min(1, option.successProbability)),
    terms: option.terms.map(({ name, minor }) => ({ name, minor })),
    steps: [...option.steps],
    ...(option.undo === undefined ? {} : { undo: option.undo }),
    chosen: option.id === score.chosen,
  }));
}

/** Newest proposal first. A cursor is the place of the last row of the page before. */
export async function transferViews(
  database: Queryable,
  page: { readonly cursor?: string | undefined; readonly limit?: number | undefined },
): Promise<{ readonly items: readonly HubTransferView[]; readonly nextCursor?: string }> {
  const limit = page.limit ?? MAX_TRANSFERS;
  const [beforeAt, beforeId] = readCursor(page.cursor);
  const rows = await database.query<{ document: Transfer }>(
    `SELECT document FROM documents WHERE collection = 'transfers' AND NOT deleted
       AND ($1::text IS NULL OR (document ->> 'proposedAt', id) < ($1, $2))
     ORDER BY document ->> 'proposedAt' DESC, id DESC LIMIT $3`,
    [beforeAt ?? null, beforeId ?? null, limit + 1],
  );
  const shown = rows.slice(0, limit).map(({ document }) => document);
  const last = shown.at(-1);
  return {
    items: shown.map((transfer) => ({ transfer, stage: transferStage(transfer) })),
    ...(rows.length > limit && last ? { nextCursor: `${last.proposedAt} ${last.id}` } : {}),
  };
}

/**
 * The reallocation as it stands: what is proposed or under way, and what the last round planned beyond that. The
 * planner's objective is about the moves not yet proposed; those under way are added as they were scored.
 */
export async function planView(database: Queryable, network: Network): Promise<PlanView> {
  const currency = network.stores[0]?.currency ?? 'EUR';
  const money = (major: number) => moneyOf(major, currency);
  const [latest] = await database.query<{ at: string; plan: string }>(
    'SELECT at, plan FROM plans ORDER BY id DESC LIMIT 1',
  );
  const plan = latest && (JSON.parse(latest.plan) as Plan);
  const live = await database.query<{ document: Transfer }>(
    `SELECT d.document FROM case_transfers t JOIN documents d ON d.collection = 'transfers' AND d.id = t.id
     WHERE t.is_live ORDER BY t.id LIMIT ${MAX_TRANSFERS}`,
  );
  const names = await productNames(database, [
    ...(plan?.moves ?? []).map(({ sku }) => sku),
    ...(plan?.unmet ?? []).map(({ sku }) => sku),
  ]);
  const underWay = live.map(({ document: t }) => ({
    from: t.from,
    to: t.to,
    fromName: t.fromName,
    toName: t.toName,
    sku: t.sku,
    name: t.name,
    qty: t.donor?.decision?.qty ?? t.qty,
    value: t.value,
    cost: t.cost,
    donorLoss: t.donorLoss,
    confidence: t.donorConfidence,
    because: t.because,
    transferId: t.id,
  }));
  const isUnderWay = new Set(underWay.map(({ from, to, sku }) => `${from}|${to}|${sku}`));
  const net = underWay.reduce((sum, t) => sum + t.value.minor - t.cost.minor - t.donorLoss.minor, 0);
  const planned = (plan?.moves ?? []).filter(({ from, to, sku }) => !isUnderWay.has(`${from}|${to}|${sku}`));
  const plannedNet = planned.reduce(
    (sum, m) => sum + moneyOf(m.value - m.cost - m.donorLoss, currency).minor,
    0,
  );
  const openMinor = plan ? moneyOf(plan.bound - plan.objective, currency).minor : 0;
  return {
    ...(latest ? { at: latest.at } : {}),
    moves: [
      ...underWay,
      ...planned.map((move) => ({
        from: move.from,
        to: move.to,
        fromName: nameOf(network, move.from),
        toName: nameOf(network, move.to),
        sku: move.sku,
        name: names.get(move.sku) ?? move.sku,
        qty: move.qty,
        value: money(move.value),
        cost: money(move.cost),
        donorLoss: money(move.donorLoss),
        confidence: move.confidence,
        because: `Earns ${moneyText(money(move.value))}, moving costs ${moneyText(money(move.cost))}, ${nameOf(network, move.from)} may lose ${moneyText(money(move.donorLoss))} and is ${percentText(move.confidence)} sure to have them.`,
      })),
    ],
    objective: { minor: net + plannedNet, currency },
    bound: { minor: net + plannedNet + openMinor, currency },
    gap: plan?.gap ?? 0,
    seconds: plan?.seconds ?? 0,
    unmet: (plan?.unmet ?? []).map((need) => ({
      store: need.store,
      storeName: nameOf(network, need.store),
      sku: need.sku,
      name: names.get(need.sku) ?? need.sku,
      qty: need.qty,
      why: need.because.slice(0, 500),
    })),
  };
}

async function productNames(
  database: Queryable,
  skus: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await database.query<{ sku: string; name: string }>(
    `SELECT document ->> 'sku' AS sku, max(document ->> 'name') AS name FROM documents
     WHERE collection = 'positions' AND document ->> 'sku' = ANY($1::text[]) GROUP BY 1`,
    [[...new Set(skus)]],
  );
  return new Map(rows.map(({ sku, name }) => [sku, name]));
}
