/** What the ledger last heard about a SKU, as evidence, newest first, without what was taken back. */
import type { Evidence } from '@truecount/protocol';
import { heardFact } from '../exceptions/index.ts';
import type { Ledger } from '../ledger/index.ts';

export function heardAbout(ledger: Ledger, sku: string, limit: number): readonly Evidence[] {
  const takenBack = ledger.correctedIds();
  return ledger.latest(sku, limit).flatMap((entry) => {
    if (entry.corrects !== undefined || takenBack.has(entry.id)) return [];
    return heardFact(entry.observation) ?? [];
  });
}
