/**
 * The hub checks its own promises: every reservation has somebody it is for, every open order holds its units, and
 * nothing is promised that the belief no longer supports. What does not add up becomes one case, and a forgotten
 * reservation is given back with a line in the audit chain; sums are never adjusted to look right.
 */
import {
  type ExceptionKind,
  instant,
  newId,
  type OrderDocument,
  type PositionDocument,
  taxonomy,
} from '@truecount/protocol';
import type { CaseWork, RunCaseWork } from './case-work.ts';
import { type HubFound, rootOf } from './case-root.ts';
import { release, supportedUnits } from './escrow.ts';
import { type FindingContext, takeFinding } from './findings.ts';
import { modelDrift } from './metrics/model-drift.ts';
import type { Mismatch } from './mismatch.ts';
import { percentText, unitsText } from './figures.ts';
import { portMismatches } from './port-mismatches.ts';

const HOUR_MS = 3_600_000;
const MAX_ROWS = 5000;
const KINDS: readonly ExceptionKind[] = [
  'reservation-mismatch',
  'allocation-conflict',
  'return-unreconciled',
  'oversell-risk',
  'late-inbound',
  'model-drift',
];

export interface SelfCheck {
  readonly findings: FindingContext;
  readonly alpha: number;
  readonly currency: string;
}

/** @returns how many mismatches there are now */
export async function selfCheck(run: RunCaseWork, check: SelfCheck): Promise<number> {
  const mismatches = await run((work) => findMismatches(work, check));
  for (const mismatch of mismatches) await run((work) => raise(work, mismatch, check));
  const still = new Set(mismatches.map((mismatch) => `${mismatch.kind} ${rootOf(mismatch)}`));
  const open = await run((work) => openOwnFindings(work));
  for (const exception of open)
    if (!still.has(`${exception.kind} ${rootOf(exception)}`))
      await run((work) => settle(work, exception, check));
  return mismatches.length;
}

async function findMismatches(work: CaseWork, { alpha, currency }: SelfCheck): Promise<readonly Mismatch[]> {
  const now = instant(work.nowMs);
  return [
    ...(await forgotten(work, now)),
    ...(await unheld(work, now)),
    ...(await overpromised(work, now, alpha)),
    ...(await portMismatches(work, { alpha, currency })),
    ...(await modelDrift(work, currency)),
  ];
}

/** Reservations of orders that are over, or that nobody knows. */
async function forgotten(work: CaseWork, now: string): Promise<readonly Mismatch[]> {
  const rows = await work.tx.query<{
    store: string;
    sku: string;
    qty: number;
    owner: string;
    state: string | null;
  }>(
    `SELECT r.store, r.sku, r.qty, r.owner, o.document ->> 'state' AS state
     FROM reservations r LEFT JOIN documents o ON o.collection = 'orders' AND 'order:' || o.id = r.owner
     WHERE r.ended_at IS NULL AND r.expires_at > $1 AND r.owner LIKE 'order:%'
       AND (o.id IS NULL OR o.deleted OR o.document ->> 'state' <> 'open')
     LIMIT ${MAX_ROWS}`,
    [now],
  );
  return rows.map(({ store, sku, qty, owner, state }) => ({
    kind: 'reservation-mismatch',
    store,
    sku,
    exposureMinor: 0,
    currency: 'EUR',
    name: undefined,
    text: `${unitsText(qty)} were still held for ${owner}, which is ${state ?? 'unknown'}; given back`,
    giveBack: owner,
  }));
}

/** Open orders that hold fewer units than they want, and have no case that says so. */
async function unheld(work: CaseWork, now: string): Promise<readonly Mismatch[]> {
  const rows = await work.tx.query<{ order: OrderDocument; sku: string; wanted: number; held: number }>(
    `SELECT w.document AS "order", w.sku, w.wanted,
       (SELECT coalesce(sum(r.qty), 0)::int FROM reservations r WHERE r.owner = 'order:' || w.id
          AND r.sku = w.sku AND r.ended_at IS NULL AND r.expires_at > $1) AS held
     FROM (
       SELECT o.id, o.document, line ->> 'sku' AS sku, sum((line ->> 'qty')::int)::int AS wanted
       FROM documents o, jsonb_array_elements(o.document -> 'lines') AS line
       WHERE o.collection = 'orders' AND NOT o.deleted AND o.document ->> 'state' = 'open'
       GROUP BY o.id, o.document, line ->> 'sku'
     ) AS w
     WHERE NOT EXISTS (SELECT 1 FROM cases c WHERE c.order_id = w.id AND NOT c.is_over
       AND c.kind IN ('order-at-risk', 'pick-failed'))
       -- What was picked has left the shelf.
       AND NOT EXISTS (SELECT 1 FROM documents t WHERE t.collection = 'tasks' AND t.document ->> 'order' = w.id
         AND t.document ->> 'sku' = w.sku AND t.document -> 'done' IS NOT NULL)
     LIMIT ${MAX_ROWS}`,
    [now],
  );
  return rows
    .filter(({ wanted, held }) => held < wanted)
    .map(({ order, sku, wanted, held }) => ({
      kind: 'reservation-mismatch',
      store: order.store,
      sku,
      order: order.id,
      exposureMinor: 0,
      currency: 'EUR',
      name: order.lines.find((line) => line.sku === sku)?.name,
      text: `the order wants ${wanted} and holds ${held}`,
    }));
}

/** More promised than the belief supports now: it was right when it was promised, and then the shelf said otherwise. */
async function overpromised(work: CaseWork, now: string, alpha: number): Promise<readonly Mismatch[]> {
  const rows = await work.tx.query<{ units: number; position: PositionDocument }>(
    `SELECT sum(r.qty)::int AS units, p.document AS position
     FROM reservations r JOIN documents p ON p.collection = 'positions' AND p.id = r.store || '|' || r.sku
     WHERE r.ended_at IS NULL AND r.expires_at > $1 GROUP BY p.id, p.document LIMIT ${MAX_ROWS}`,
    [now],
  );
  return rows.flatMap(({ units, position }): Mismatch[] => {
    const supported = supportedUnits(position.pmf, alpha);
    if (units <= supported) return [];
    const sure = position.pmf.slice(units).reduce((sum, p) => sum + p, 0);
    return [
      {
        kind: 'allocation-conflict',
        store: position.store,
        sku: position.sku,
        exposureMinor: (units - supported) * position.price.minor,
        currency: position.price.currency,
        name: position.name,
        text: `${units} promised, ${percentText(sure)} sure that they are there; ${supported} are sure enough`,
      },
    ];
  });
}

async function raise(work: CaseWork, mismatch: Mismatch, check: SelfCheck): Promise<void> {
  const { giveBack, text, exposureMinor, currency, name, detail, ...subject } = mismatch;
  if (giveBack !== undefined) {
    await release(work.tx, giveBack, { nowMs: work.nowMs, reason: 'repair' });
    work.audit({ actor: 'hub', action: 'reservation.repaired', subject: `reservation:${giveBack}`, text });
  }
  const [known] = await work.tx.query(
    `SELECT 1 FROM case_findings f JOIN cases c ON c.id = f.case_id
     WHERE f.found_by = 'hub' AND f.is_open AND NOT c.is_over AND f.exception ->> 'kind' = $1 AND c.root = $2`,
    [mismatch.kind, rootOf(subject)],
  );
  if (known) return;
  const at = instant(work.nowMs);
  const exception: HubFound = {
    id: newId(work.nowMs),
    ...subject,
    ...(name === undefined ? {} : { name }),
    detectedAt: at,
    dueAt: instant(work.nowMs + taxonomy[mismatch.kind].dueHours * HOUR_MS),
    updatedAt: at,
    confidence: 1,
    exposure: { minor: exposureMinor, currency },
    evidence: [{ code: mismatch.kind, params: detail ?? {}, at, text: text.slice(0, 500) }],
    owner: taxonomy[mismatch.kind].owner,
    state: 'open',
    policyVersion: '',
    modelVersion: 'hub',
  };
  await takeFinding(work, { exception, isOpen: true, foundBy: 'hub' }, check.findings);
}

async function openOwnFindings(work: CaseWork): Promise<readonly HubFound[]> {
  const rows = await work.tx.query<{ exception: HubFound }>(
    `SELECT exception FROM case_findings WHERE found_by = 'hub' AND is_open AND exception ->> 'kind' = ANY($1::text[])`,
    [KINDS],
  );
  return rows.map(({ exception }) => exception);
}

async function settle(work: CaseWork, exception: HubFound, check: SelfCheck): Promise<void> {
  const at = instant(work.nowMs);
  const outcome = { code: 'adds-up', params: {}, at, text: 'it adds up again' };
  const closed: HubFound = { ...exception, state: 'closed', closedAt: at, updatedAt: at, outcome };
  await takeFinding(work, { exception: closed, isOpen: false, foundBy: 'hub' }, check.findings);
}
