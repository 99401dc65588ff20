/** Child of first-load.test.ts: one store's documents and their sync, on SQLite in a folder; progress on stdout. */
import { openStoreDocuments } from '../documents/index.ts';
import { getRxStorageNodeSqlite } from '../documents/sqlite-storage/index.ts';
import { startSync } from './index.ts';

interface Asked {
  readonly folder: string;
  readonly store: string;
  readonly device: string;
  readonly hub: { readonly url: string; readonly username: string; readonly password: string };
  readonly lineage: string[];
}

const asked = JSON.parse(process.argv[2] ?? '') as Asked;
const documents = await openStoreDocuments({
  storage: getRxStorageNodeSqlite({ folder: asked.folder }),
  store: asked.store,
});
const sync = await startSync({
  collections: documents.collections,
  clock: { now: () => Date.now() },
  hub: asked.hub,
  identity: {
    store: asked.store,
    device: asked.device,
    epoch: 1,
    start: asked.lineage.at(-1) ?? '',
    lineage: asked.lineage,
  },
  version: '0.1.0',
});
let said: Promise<unknown> = Promise.resolve();
const say = (): void => {
  const { firstLoad, online, waiting } = sync.status();
  said = said.then(async () => {
    const stored = await documents.collections.positions.count().exec();
    process.stdout.write(`${JSON.stringify({ online, waiting, stored, ...firstLoad })}\n`);
  });
};
sync.onChange(say);
say();
