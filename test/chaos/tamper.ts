/** What the checks of a run must notice, done to its files behind the product's back. */
import { Ledger } from '../../device/ledger/index.ts';
import { openDatabase } from '../../hub/database/index.ts';
import type { Expected } from './checks.ts';
import { SKUS } from './work.ts';
import type { World } from './world.ts';

export async function tamper(world: World, expected: Expected): Promise<void> {
  const [store] = world.stores;
  if (!store) throw new Error('a world without a store');
  expected.acknowledged.get(store.id)?.counts.set('never-stored', { sku: 'sku-0', qty: 1 });
  using ledger = new Ledger({ folder: store.dataFolder, store: store.id, now: Date.now });
  const t = new Date(Date.now() + 3_600_000).toISOString();
  await ledger.append('kiosk', [
    { id: 'nobody-made-this', observation: { type: 'count', t, sku: SKUS[1] ?? '', qty: 777 } },
  ]);
  const database = await openDatabase(
    world.databaseUrl === undefined ? { folder: world.hubData } : { url: world.databaseUrl },
  );
  try {
    await database.query("DELETE FROM documents WHERE collection = 'positions' AND document->>'sku' = $1", [
      SKUS[2] ?? '',
    ]);
    // The database itself refuses to change an entry; whoever owns it can switch that off.
    await database.query('ALTER TABLE audit_entries DISABLE TRIGGER ALL');
    await database.query("UPDATE audit_entries SET text = 'nothing happened' WHERE seq = 1");
  } finally {
    await database.close();
  }
}
