/**
 * Lends stores a few units of what they sell most, as the policy says, while the belief supports it. A lease is a
 * reservation like any other, made by the one function that promises units.
 */
import { instant, type Lease, newId, type PolicyBundle, type PositionDocument } from '@truecount/protocol';
import { putDocument } from '../../intake/index.ts';
import type { CaseWork, RunCaseWork } from '../case-work.ts';
import { allocate, promisedUnits, supportedUnits } from '../escrow.ts';

const HOUR_MS = 3_600_000;
/** Leases made in one transaction. */
const BATCH = 20;

export const leaseOwner = (leaseId: string): string => `lease:${leaseId}`;

/** @returns how many leases were granted */
export async function grantLeases(
  run: RunCaseWork,
  store: string,
  policy: Pick<PolicyBundle, 'leases' | 'planner'>,
): Promise<number> {
  const { leases, planner } = policy;
  if (!leases || leases.maxUnits === 0) return 0;
  const wanting = await run((work) => withoutLease(work, store, leases.maxProducts));
  let granted = 0;
  for (let at = 0; at < wanting.length; at += BATCH)
    granted += await run(async (work) => {
      let count = 0;
      for (const position of wanting.slice(at, at + BATCH))
        if (await grant(work, position, { leases, alpha: planner.alpha })) count += 1;
      return count;
    });
  return granted;
}

/** Best sellers of the store that it cannot promise offline now. */
async function withoutLease(
  work: CaseWork,
  store: string,
  limit: number,
): Promise<readonly PositionDocument[]> {
  const rows = await work.tx.query<{ document: PositionDocument; lent: boolean }>(
    `SELECT p.document, EXISTS (
       SELECT 1 FROM reservations r WHERE r.store = $1 AND r.sku = p.document ->> 'sku' AND r.ended_at IS NULL
         AND r.owner LIKE 'lease:%' AND r.expires_at > $2) AS lent
     FROM documents p WHERE p.collection = 'positions' AND p.store = $1 AND NOT p.deleted
     ORDER BY (p.document ->> 'rate')::float8 DESC, p.id LIMIT $3`,
    [store, instant(work.nowMs), limit],
  );
  return rows.filter(({ lent }) => !lent).map(({ document }) => document);
}

async function grant(
  work: CaseWork,
  position: PositionDocument,
  rules: { readonly leases: NonNullable<PolicyBundle['leases']>; readonly alpha: number },
): Promise<boolean> {
  const { leases, alpha } = rules;
  const { store, sku } = position;
  const promised = await promisedUnits(work.tx, { store, sku, nowMs: work.nowMs });
  const free = Math.max(0, supportedUnits(position.pmf, alpha) - promised);
  const units = Math.min(leases.maxUnits, Math.floor(free * leases.share));
  if (units < 1) return false;
  const expiresAtMs = work.nowMs + leases.hours * HOUR_MS;
  const lease: Lease = {
    id: `lease|${newId(work.nowMs)}`,
    store,
    sku,
    name: position.name,
    units,
    grantedAt: instant(work.nowMs),
    expiresAt: instant(expiresAtMs),
    promiseHours: leases.promiseHours,
  };
  const held = await allocate(
    work.tx,
    {
      store,
      sku,
      qty: units,
      owner: leaseOwner(lease.id),
      expiresAtMs: expiresAtMs + leases.holdHours * HOUR_MS,
    },
    { alpha, nowMs: work.nowMs },
  );
  if (!held.ok) return false;
  await putDocument(work.tx, 'leases', lease, { by: 'hub:leases' });
  return true;
}
