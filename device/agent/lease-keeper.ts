/** Gives leases back whose time is over by this store's clock, so that the hub can lend the units to somebody else. */
import { instant } from '@truecount/protocol';
import type { StoreCollections } from '../documents/index.ts';

/** Looked at together; what is left is given back with the next tick. */
const MAX_AT_ONCE = 100;

/** @returns how many were given back */
export async function returnLeases(collections: StoreCollections, nowMs: number): Promise<number> {
  const over = await collections.leases
    .find({
      selector: { expiresAt: { $lte: instant(nowMs) }, returnedAt: { $exists: false } },
      limit: MAX_AT_ONCE,
    })
    .exec();
  for (const document of over)
    await document.incrementalModify((lease) => ({ ...lease, returnedAt: instant(nowMs) }));
  return over.length;
}
