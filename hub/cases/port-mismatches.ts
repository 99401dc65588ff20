/** What does not add up in what other systems said: returns half done, too much published, goods that come late. */
import { instant, type PositionDocument, taxonomy } from '@truecount/protocol';
import type { CaseWork } from './case-work.ts';
import { promisedUnits, supportedUnits } from './escrow.ts';
import { unitsText } from './figures.ts';
import { returnFacts } from './port-events.ts';
import type { Mismatch } from './mismatch.ts';

const HOUR_MS = 3_600_000;
const MAX_ROWS = 5000;
/** A slip that no promise notices. */
const SLIP_TOLERANCE_MS = 6 * HOUR_MS;

export async function portMismatches(
  work: CaseWork,
  rules: { readonly alpha: number; readonly currency: string },
): Promise<readonly Mismatch[]> {
  return [
    ...(await unfinishedReturns(work, rules.currency)),
    ...(await overPublished(work, rules.alpha)),
    ...(await lateGoods(work, rules.currency)),
  ];
}

type ReturnRow = {
  readonly id: string;
  readonly store: string;
  readonly sku: string;
  readonly minor: number;
} & {
  readonly [F in (typeof returnFacts)[number] as `${F}_at`]: string | null;
};

/** A return is reconciled when all four facts are there, in whatever order they came. */
async function unfinishedReturns(work: CaseWork, currency: string): Promise<readonly Mismatch[]> {
  const before = instant(work.nowMs - taxonomy['return-unreconciled'].dueHours * HOUR_MS);
  const rows = await work.tx.query<ReturnRow>(
    `SELECT * FROM returns WHERE first_at < $1
       AND (received_at IS NULL OR restocked_at IS NULL OR refunded_at IS NULL OR posted_at IS NULL)
     ORDER BY first_at LIMIT ${MAX_ROWS}`,
    [before],
  );
  return rows.map((row) => ({
    kind: 'return-unreconciled',
    store: row.store,
    sku: row.sku,
    // One case per return: two returns of one product are two stories.
    reference: `return ${row.id}`,
    exposureMinor: row.minor,
    currency,
    name: undefined,
    text: `return ${row.id}: ${listed(row, true)}, but not ${listed(row, false)}`,
  }));
}

const listed = (row: ReturnRow, isDone: boolean): string =>
  returnFacts.filter((fact) => (row[`${fact}_at`] !== null) === isDone).join(' and ') || 'nothing';

async function overPublished(work: CaseWork, alpha: number): Promise<readonly Mismatch[]> {
  const rows = await work.tx.query<{ qty: number; channel: string; position: PositionDocument }>(
    `SELECT s.qty, s.channel, p.document AS position FROM published_stock s
     JOIN documents p ON p.collection = 'positions' AND p.id = s.store || '|' || s.sku
     WHERE s.qty > 0 ORDER BY s.store, s.sku, s.channel LIMIT ${MAX_ROWS}`,
  );
  const mismatches: Mismatch[] = [];
  for (const { qty, channel, position } of rows) {
    const { store, sku } = position;
    const promised = await promisedUnits(work.tx, { store, sku, nowMs: work.nowMs });
    const promisable = Math.max(0, supportedUnits(position.pmf, alpha) - promised);
    if (qty <= promisable) continue;
    mismatches.push({
      kind: 'oversell-risk',
      store,
      sku,
      exposureMinor: (qty - promisable) * position.price.minor,
      currency: position.price.currency,
      name: position.name,
      text: `${channel} shows ${qty}, ${unitsText(promisable)} can surely be promised`,
      detail: { promisable, shown: qty, channel },
    });
  }
  return mismatches;
}

async function lateGoods(work: CaseWork, currency: string): Promise<readonly Mismatch[]> {
  const rows = await work.tx.query<{
    id: string;
    store: string;
    sku: string;
    qty: number;
    planned_at: string;
    expected_at: string;
    price: number | null;
    name: string | null;
  }>(
    `SELECT g.*, (p.document -> 'price' ->> 'minor')::int AS price, p.document ->> 'name' AS name
     FROM inbound_goods g LEFT JOIN documents p ON p.collection = 'positions' AND p.id = g.store || '|' || g.sku
     WHERE NOT g.has_arrived AND g.expected_at > g.planned_at ORDER BY g.id LIMIT ${MAX_ROWS}`,
  );
  return rows
    .filter((row) => Date.parse(row.expected_at) - Date.parse(row.planned_at) > SLIP_TOLERANCE_MS)
    .map((row) => ({
      kind: 'late-inbound',
      store: row.store,
      sku: row.sku,
      reference: `inbound ${row.id}`,
      exposureMinor: row.qty * (row.price ?? 0),
      currency,
      name: row.name ?? undefined,
      text: `${unitsText(row.qty)} planned for ${row.planned_at.slice(0, 16)} are expected at ${row.expected_at.slice(0, 16)}`,
    }));
}
