import { createRevision, fillWithDefaultSettings, type RxDocumentData } from 'rxdb';
import { getRxStorageNodeSqlite } from './index.ts';

/**
 * A process of its own that writes to a shared folder; run by the tests as
 * `node child-writer.fixture.ts bulks|count <folder> <name> <times>`. It prints what has been acknowledged, line by line.
 */

interface Count {
  readonly id: string;
  readonly qty: number;
}

type StoredCount = RxDocumentData<Count>;

const [task, folder = '', name = '', times = '0'] = process.argv.slice(2);

const storage = getRxStorageNodeSqlite({ folder });
const instance = await storage.createStorageInstance<Count>({
  databaseInstanceToken: `child-${process.pid}`,
  databaseName: 'shared',
  collectionName: 'counts',
  schema: fillWithDefaultSettings<Count>({
    version: 0,
    primaryKey: 'id',
    type: 'object',
    properties: {
      id: { type: 'string', maxLength: 100 },
      qty: { type: 'number', minimum: 0, maximum: 1e9, multipleOf: 1 },
    },
    required: ['id', 'qty'],
    indexes: ['qty'],
  }),
  options: {},
  multiInstance: true,
  devMode: false,
});

function versionOf(id: string, qty: number, previous?: StoredCount): StoredCount {
  return {
    id,
    qty,
    _deleted: false,
    _attachments: {},
    _rev: createRevision(name, previous),
    _meta: { lwt: Date.now() },
  };
}

/** Bulks of three documents, as fast as they are acknowledged. */
async function writeBulks(): Promise<void> {
  for (let bulk = 0; bulk < Number(times); bulk += 1) {
    const rows = ['a', 'b', 'c'].map((part) => ({ document: versionOf(`${name}-${bulk}-${part}`, bulk) }));
    await instance.bulkWrite(rows, name);
    process.stdout.write(`${name}-${bulk}\n`);
  }
}

/** Counts the shared document up, again after each conflict. */
async function countUp(): Promise<void> {
  let counted = 0;
  while (counted < Number(times)) {
    const [previous] = await instance.findDocumentsById(['counter'], false);
    const document = versionOf('counter', (previous?.qty ?? 0) + 1, previous);
    const { error } = await instance.bulkWrite([previous ? { previous, document } : { document }], name);
    if (error.length === 0) counted += 1;
  }
  process.stdout.write(`${name} done\n`);
}

await (task === 'count' ? countUp() : writeBulks());
await instance.close();
// A socket that RxDB's channel between processes was just opening to another one that ends may stay open for good.
process.exit(0);
