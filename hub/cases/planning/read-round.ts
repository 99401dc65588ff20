/** Reads what a planning round needs in one short look at the database. */
import type { OrderDocument, PositionDocument } from '@truecount/protocol';
import { instant } from '@truecount/protocol';
import type { Queryable, Transaction } from '../../database/index.ts';
import { type AutomaticAct, type Movement, policyFor, type PolicyInForce } from '../../governance/index.ts';
import { getDocuments, listDocuments } from '../../intake/index.ts';
import { driftingStores, standingsOf } from '../automation/standings.ts';
import { substitutesOf } from '../scoring/promise-options.ts';
import type { CaseRow } from '../case-rows.ts';
import { openFindings } from '../findings.ts';
import { type Network, placeKey, type Promotion, type RoundCase, type RoundFacts } from './round-facts.ts';

/** Cases looked at in one round; the rest follow in the next. */
const MAX_CASES = 500;
const MAX_POLICIES = 10_000;

export interface RoundScope {
  readonly nowMs: number;
  readonly network: Network;
  readonly orderServiceMinor: number;
  readonly staleStores: readonly string[];
  /** Only cases about an order, due before this instant. */
  readonly ordersDueBefore?: string;
}

/** The cases that want a score, most urgent first, and everything known about their SKUs. */
export async function readRound(tx: Transaction, scope: RoundScope): Promise<RoundFacts> {
  const rows = await tx.query<CaseRow>(
    `SELECT * FROM cases WHERE wants_score AND NOT is_over
       AND ($1::text IS NULL OR (order_id IS NOT NULL AND due_at < $1)) ORDER BY due_at, id LIMIT ${MAX_CASES}`,
    [scope.ordersDueBefore ?? null],
  );
  const cases: RoundCase[] = [];
  for (const row of rows) cases.push(await readCase(tx, row));
  const storesAsked = [...new Set(rows.map(({ store }) => store))];
  const { network, nowMs } = scope;
  const policies = (await listDocuments(tx, 'policies', { limit: MAX_POLICIES })).map(
    ({ document }) => document,
  );
  const byStore = new Map<string, PolicyInForce>();
  for (const { id } of network.stores) {
    const policy = policyFor(policies, id, nowMs);
    if (policy) byStore.set(id, policy);
  }
  const skus = [...new Set(cases.flatMap((entry) => skusOf(entry, byStore)))];
  const ids = skus.flatMap((sku) => network.stores.map(({ id }) => placeKey(id, sku)));
  const positions = (await getDocuments(tx, 'positions', ids))
    .filter(({ deleted }) => !deleted)
    .map(({ document }): PositionDocument => document);
  return {
    nowMs,
    cases,
    positions,
    promised: await sums(
      tx,
      `SELECT store, sku, sum(qty)::int AS units FROM reservations
       WHERE ended_at IS NULL AND expires_at > $1 AND sku = ANY($2::text[]) GROUP BY store, sku`,
      [instant(nowMs), skus],
    ),
    inbound: await sums(
      tx,
      `SELECT t.receiver AS store, t.sku,
         sum(coalesce((d.document -> 'donor' -> 'shipped' ->> 'qty')::int, (d.document -> 'donor' -> 'picked' ->> 'qty')::int,
           (d.document -> 'donor' -> 'decision' ->> 'qty')::int, (d.document ->> 'qty')::int))::int AS units
       FROM case_transfers t JOIN documents d ON d.collection = 'transfers' AND d.id = t.id
       WHERE t.is_live AND t.sku = ANY($1::text[]) GROUP BY t.receiver, t.sku`,
      [skus],
    ),
    policies: byStore,
    network,
    staleStores: scope.staleStores,
    automation: await recentAutomation(tx, scope.nowMs),
    promotions: await tx.query<Promotion>(
      `SELECT id, store, sku, minor, uplift FROM promotions
       WHERE sku = ANY($1::text[]) AND starts_at <= $2 AND ends_at > $2 ORDER BY id, store`,
      [skus, instant(nowMs)],
    ),
    standings: await standingsOf(tx, storesAsked),
    drifting: await driftingStores(tx, storesAsked),
    orderServiceMinor: scope.orderServiceMinor,
  };
}

/** A case's own product, and what a customer may take instead when an order is short of it. */
function skusOf(entry: RoundCase, policies: ReadonlyMap<string, PolicyInForce>): readonly string[] {
  const { row, order } = entry;
  if (row.sku === null) return [];
  const policy = policies.get(row.store);
  return order && policy ? [row.sku, ...substitutesOf(policy.bundle, row.sku)] : [row.sku];
}

/** Two promises on the same units: the one that is due last is the one that can still be given elsewhere. */
async function orderInConflict(tx: Queryable, { kind, store, sku }: CaseRow): Promise<string | undefined> {
  if (kind !== 'allocation-conflict' || sku === null) return undefined;
  const [latest] = await tx.query<{ id: string }>(
    `SELECT o.id FROM reservations r JOIN documents o ON o.collection = 'orders' AND r.owner = 'order:' || o.id
     WHERE r.store = $1 AND r.sku = $2 AND r.ended_at IS NULL AND o.document ->> 'state' = 'open' AND NOT o.deleted
     ORDER BY o.document ->> 'promisedAt' DESC, o.id DESC LIMIT 1`,
    [store, sku],
  );
  return latest?.id;
}

async function readCase(tx: Transaction, row: CaseRow): Promise<RoundCase> {
  const findings = await openFindings({ tx }, row.id);
  const orderId = row.order_id ?? (await orderInConflict(tx, row));
  const [order] = orderId === undefined ? [] : await getDocuments(tx, 'orders', [orderId]);
  const refused = await tx.query<{ donor: string }>(
    `SELECT DISTINCT donor FROM case_transfers WHERE case_id = $1 AND judged IN ('declined', 'refused', 'undelivered')`,
    [row.id],
  );
  return {
    row,
    findings,
    ...(order && !order.deleted ? { order: order.document } : {}),
    missing: order ? missingUnits(order.document, row, findings) : 0,
    refusedDonors: refused.map(({ donor }) => donor),
  };
}

/** What the pick did not find; before a pick, what the order wants of this SKU. */
function missingUnits(order: OrderDocument, row: CaseRow, findings: RoundCase['findings']): number {
  if (order.state !== 'open') return 0;
  const wanted = order.lines.filter(({ sku }) => sku === row.sku).reduce((sum, { qty }) => sum + qty, 0);
  const short = findings.flatMap(({ evidence }) => evidence).find(({ code }) => code === 'pick-short');
  const found = short?.params['found'];
  return Math.max(0, wanted - (typeof found === 'number' ? found : 0));
}

async function sums(
  tx: Queryable,
  sql: string,
  values: Parameters<Queryable['query']>[1],
): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.query<{ store: string; sku: string; units: number }>(sql, values);
  return new Map(rows.map(({ store, sku, units }) => [placeKey(store, sku), units]));
}

const DAY_MS = 86_400_000;
/** The longest that any breaker looks back. */
const ACTS_DAYS = 1;
const MOVEMENT_DAYS = 365;
const MAX_REMEMBERED = 20_000;

async function recentAutomation(tx: Queryable, nowMs: number): Promise<RoundFacts['automation']> {
  const acts = await tx.query<Omit<AutomaticAct, 'atMs'> & { at: string }>(
    `SELECT a.done_at AS at, a.option, c.store, c.sku, a.at_stake_minor AS minor
     FROM case_actions a JOIN cases c ON c.id = a.case_id
     WHERE a.is_automatic AND a.done_at > $1 ORDER BY a.done_at DESC LIMIT ${MAX_REMEMBERED}`,
    [instant(nowMs - ACTS_DAYS * DAY_MS)],
  );
  const movements = await tx.query<Omit<Movement, 'atMs'> & { at: string }>(
    `SELECT d.document ->> 'proposedAt' AS at, t.donor AS "from", t.receiver AS "to", t.sku
     FROM case_transfers t JOIN documents d ON d.collection = 'transfers' AND d.id = t.id
     WHERE t.judged = 'accepted' AND t.case_id IS NOT NULL AND d.document ->> 'proposedAt' > $1
     ORDER BY 1 DESC LIMIT ${MAX_REMEMBERED}`,
    [instant(nowMs - MOVEMENT_DAYS * DAY_MS)],
  );
  const timed = <Row extends { readonly at: string }>({ at, ...rest }: Row) => ({
    ...rest,
    atMs: Date.parse(at),
  });
  return { acts: acts.map(timed), movements: movements.map(timed) };
}
