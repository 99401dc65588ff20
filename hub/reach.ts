/** How long stores have been out of reach, from the registry of their devices. */
import type { Reach } from './cases/index.ts';
import type { Queryable } from './database/index.ts';

interface ReachRow {
  readonly store: string;
  readonly online: boolean;
  readonly since: Date | null;
}

const reachOf = (database: Queryable, store: string | null): Promise<readonly ReachRow[]> =>
  database.query<ReachRow>(
    `SELECT store, bool_or(online) AS online, max(since) AS since FROM devices
     WHERE revoked_reason IS NULL AND ($1::text IS NULL OR store = $1) GROUP BY store`,
    [store],
  );

export function deviceReach(staleAfterMs: number): Reach {
  return {
    staleStores: async (tx, nowMs) =>
      (await reachOf(tx, null))
        .filter(({ online, since }) => !online && since !== null && nowMs - since.getTime() > staleAfterMs)
        .map(({ store }) => store),
    // The store has since come back, so the row says when; the outage lasted at most until the decision arrived.
    outageMsAt: async (tx, store, at) => {
      const [row] = await reachOf(tx, store);
      if (!row?.since) return undefined;
      return Math.max(0, Date.parse(at) - row.since.getTime());
    },
  };
}
