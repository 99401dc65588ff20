/** How each store stands: reach, feeds, what is open there and what is at stake. */
import { instant, type StoreView } from '@truecount/protocol';
import type { Network } from './cases/index.ts';
import type { Queryable } from './database/index.ts';
import type { DeviceStatus } from './intake/index.ts';

interface Counts {
  readonly store: string;
  readonly exceptions: number;
  readonly cases: number;
  readonly exposure: number;
  readonly positions: number;
  readonly confidence: number | null;
}

export async function storeViews(
  database: Queryable,
  network: Network,
  statuses: readonly DeviceStatus[],
): Promise<readonly StoreView[]> {
  const rows = await database.query<Counts>(
    `SELECT s.store,
       (SELECT count(*) FROM documents d WHERE d.collection = 'exceptions' AND d.store = s.store AND NOT d.deleted
          AND d.document ->> 'state' = 'open') AS exceptions,
       (SELECT count(*) FROM cases c WHERE c.store = s.store AND NOT c.is_over) AS cases,
       (SELECT coalesce(sum(exposure_minor), 0)::bigint FROM cases c WHERE c.store = s.store AND NOT c.is_over) AS exposure,
       (SELECT count(*) FROM documents d WHERE d.collection = 'positions' AND d.store = s.store AND NOT d.deleted) AS positions,
       (SELECT avg((d.document ->> 'confidence')::float8) FROM documents d WHERE d.collection = 'positions'
          AND d.store = s.store AND NOT d.deleted AND (d.document ->> 'record')::float8 > 0) AS confidence
     FROM unnest($1::text[]) AS s(store)`,
    [network.stores.map(({ id }) => id)],
  );
  const counts = new Map(rows.map((row) => [row.store, row]));
  return network.stores.map(({ id, name, currency }): StoreView => {
    const count = counts.get(id);
    const devices = statuses.filter(({ store }) => store === id);
    const device = devices.find(({ online }) => online) ?? devices.find(({ since }) => since) ?? devices[0];
    return {
      id,
      name,
      online: device?.online ?? false,
      ...(device?.since ? { since: instant(device.since.getTime()) } : {}),
      ...(device?.version === undefined ? {} : { version: device.version }),
      ...(device?.epoch === undefined ? {} : { epoch: device.epoch }),
      feeds: [...(device?.feeds ?? [])],
      openExceptions: count?.exceptions ?? 0,
      openCases: count?.cases ?? 0,
      exposure: { minor: count?.exposure ?? 0, currency },
      positions: count?.positions ?? 0,
      ...(count && count.confidence !== null
        ? { meanConfidence: Math.max(0, Math.min(1, count.confidence)) }
        : {}),
    };
  });
}
