/**
 * What must hold after everything was healed and stopped. Each check reads the files that are left, not what a running
 * process says of itself, and returns what is wrong in one line each.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { openStoreDocuments } from '../../device/documents/index.ts';
import { Ledger, LEDGER_FILE, verifyLedger } from '../../device/ledger/index.ts';
import { type Database, openDatabase } from '../../hub/database/index.ts';
import { verifyStoppedHub } from '../../hub/verify-data.ts';
import { type CollectionName, collectionNames, type LedgerEntry } from '../../protocol/index.ts';
import { openDeviceStorage } from './device-storage.ts';
import type { Poison } from './poison.ts';
import type { StoreProcess } from './store-process.ts';
import { type Acknowledged, SKUS } from './work.ts';
import type { World } from './world.ts';

type Json = Readonly<Record<string, unknown>>;
/** Collection and id, to the document. */
type Replica = ReadonlyMap<string, Json>;

export interface Expected {
  readonly acknowledged: ReadonlyMap<string, Acknowledged>;
  readonly orders: ReadonlyMap<string, string>;
  readonly poison: readonly Poison[];
}

const MAX_LOG_MB = 32;
const MAX_SHOWN = 5;

export async function checkWorld(world: World, expected: Expected): Promise<readonly string[]> {
  const problems: string[] = [];
  const database = await openDatabase(
    world.databaseUrl === undefined ? { folder: world.hubData } : { url: world.databaseUrl },
  );
  try {
    for (const store of world.stores) {
      const owed = expected.acknowledged.get(store.id);
      if (!owed) continue;
      const entries = readLedger(store);
      const here = await deviceReplica(store);
      const there = await hubReplica(database, store.id);
      const poison = expected.poison.filter((one) => one.store === store.id);
      problems.push(
        ...[
          ...(await ledgerProblems(store, entries, owed)),
          ...documentProblems(entries, here, owed),
          ...replicaProblems(here, there, poison),
          ...recordProblems(entries, there, store.id),
          ...orderProblems(here, store.id, expected.orders),
          ...fileProblems(store.dataFolder),
        ].map((problem) => `${store.id}: ${problem}`),
      );
    }
    problems.push(...(await hubProblems(database, expected.poison)));
  } finally {
    await database.close();
  }
  const verdict = await verifyStoppedHub({
    dataFolder: world.hubData,
    keyFile: join(world.folder, 'hub-key.pem'),
    databaseUrl: world.databaseUrl,
  });
  if (!verdict.ok) problems.push(`the audit chain is broken at ${verdict.brokenAt}: ${verdict.problem}`);
  problems.push(...world.processes.flatMap(({ unasked }) => unasked));
  return problems;
}

function readLedger(store: StoreProcess): readonly LedgerEntry[] {
  using ledger = new Ledger({ folder: store.dataFolder, store: store.id, now: Date.now });
  return [...ledger.read()];
}

/** Every acknowledged count and every line of the feed is there once, as it was said, and nothing that nobody said. */
async function ledgerProblems(
  store: StoreProcess,
  entries: readonly LedgerEntry[],
  owed: Acknowledged,
): Promise<readonly string[]> {
  const verdict = await verifyLedger(join(store.dataFolder, LEDGER_FILE));
  const byId = Map.groupBy(entries, ({ id }) => id);
  const tickets = Map.groupBy(
    entries.filter(({ feed }) => feed === 'books'),
    ({ observation }) => (observation.type === 'sale' ? observation.ticket : undefined),
  );
  const lost = [...owed.counts].filter(([id, count]) => {
    const said = byId.get(id)?.[0]?.observation;
    return said?.type !== 'count' || said.qty !== count.qty || said.sku !== count.sku;
  });
  const unasked = entries.filter(
    ({ id, observation }) => observation.type === 'count' && !owed.attempted.has(id),
  );
  return [
    ...(verdict.whole ? [] : [`the journal is broken at ${verdict.brokenAt}: ${verdict.problem}`]),
    ...listed(
      'acknowledged counts are not in the journal',
      lost.map(([id]) => id),
    ),
    ...listed(
      'ids are in the journal twice',
      [...byId].filter(([, found]) => found.length > 1).map(([id]) => id),
    ),
    ...listed(
      'sales of the file feed are not in the journal once',
      [...owed.sales].filter((ticket) => tickets.get(ticket)?.length !== 1),
    ),
    ...listed(
      'counts are in the journal that nobody made',
      unasked.map(({ id }) => id),
    ),
  ];
}

/** What was done at a screen is in the store's documents, and no deviation is told twice. */
function documentProblems(
  entries: readonly LedgerEntry[],
  here: Replica,
  owed: Acknowledged,
): readonly string[] {
  const undone = [...owed.tasks.keys()].filter((id) => {
    const task = here.get(`tasks ${id}`);
    return (
      task?.['done'] === undefined && task?.['dismissed'] === undefined && task?.['withdrawn'] === undefined
    );
  });
  const open = [...here].filter(
    ([key, document]) => key.startsWith('exceptions ') && document['state'] === 'open',
  );
  const bySubject = Map.groupBy(open, ([, { kind, sku, order, feed }]) => [kind, sku, order, feed].join(' '));
  return [
    ...(entries.length === 0 ? ['the journal is empty'] : []),
    ...listed('tasks that were acknowledged as done are open', undone),
    ...listed(
      'deviations are open twice',
      [...bySubject].filter(([, found]) => found.length > 1).map(([subject]) => subject),
    ),
  ];
}

function replicaProblems(here: Replica, there: Replica, poison: readonly Poison[]): readonly string[] {
  const aside = new Set(poison.map(({ collection, id }) => `${collection} ${id}`));
  const keys = [...new Set([...here.keys(), ...there.keys()])].filter((key) => !aside.has(key));
  const differing = keys.filter((key) => !isDeepStrictEqual(here.get(key), there.get(key)));
  return [
    ...listed(
      'documents differ between store and hub',
      differing.map((key) => `${key} ${difference(here.get(key), there.get(key))}`),
    ),
    ...listed(
      'poisoned documents are at the hub',
      [...aside].filter((key) => there.has(key)),
    ),
  ];
}

/** Of one instant in this order, and within a kind by quantity: it does not matter which was heard first. */
const SETTING_THE_RECORD: readonly string[] = ['record', 'sale', 'pick', 'count'];

function byInstant({ observation: a }: LedgerEntry, { observation: b }: LedgerEntry): number {
  const kind = ({ type }: typeof a): number => SETTING_THE_RECORD.indexOf(type);
  const qty = (o: typeof a): number => ('qty' in o && typeof o.qty === 'number' ? o.qty : 0);
  return Date.parse(a.t) - Date.parse(b.t) || kind(a) - kind(b) || qty(a) - qty(b);
}

/** The rules of the record, written down a second time: the hub's position says what they say about the journal. */
function recordProblems(entries: readonly LedgerEntry[], there: Replica, store: string): readonly string[] {
  const inOrder = entries.toSorted(byInstant);
  const records = new Map<string, number>();
  for (const { observation: o } of inOrder) {
    if (!('sku' in o)) continue;
    const before = records.get(o.sku) ?? 0;
    if (o.type === 'count' || o.type === 'record') records.set(o.sku, o.qty);
    if (o.type === 'sale') records.set(o.sku, before - o.qty);
    if (o.type === 'pick') records.set(o.sku, before - o.found);
  }
  return listed(
    'positions at the hub are not what the journal says',
    SKUS.flatMap((sku) => {
      const atHub = there.get(`positions ${store}|${sku}`)?.['record'];
      if (atHub === records.get(sku)) return [];
      const last = inOrder.filter(({ observation: o }) => 'sku' in o && o.sku === sku).slice(-MAX_SHOWN);
      return [`${sku}: ${String(atHub)}, not ${records.get(sku)} after ${JSON.stringify(last)}`];
    }),
  );
}

/** Every order the hub took is in its store once, with one task for each line. */
function orderProblems(here: Replica, store: string, orders: ReadonlyMap<string, string>): readonly string[] {
  const own = [...orders].filter(([, of]) => of === store).map(([id]) => id);
  const picks = Map.groupBy(
    [...here.values()].filter(({ kind }) => kind === 'pick'),
    ({ order }) => order,
  );
  return [
    ...listed(
      'accepted orders have not arrived',
      own.filter((id) => !here.has(`orders ${id}`)),
    ),
    ...listed(
      'orders do not have one task',
      own.filter((id) => picks.get(id)?.length !== 1),
    ),
  ];
}

/** Nothing grows with the number of faults. */
function fileProblems(folder: string): readonly string[] {
  const large = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('-wal'))
    .filter((name) => statSync(join(folder, name)).size > MAX_LOG_MB * 2 ** 20);
  return listed(`write-ahead logs are larger than ${MAX_LOG_MB} MB`, large);
}

async function hubProblems(database: Database, poison: readonly Poison[]): Promise<readonly string[]> {
  const aside = await database.query<{ key: string }>(
    "SELECT DISTINCT collection || ' ' || document_id AS key FROM quarantine WHERE state = 'waiting'",
  );
  const wanted = new Set(poison.map(({ collection, id }) => `${collection} ${id}`));
  const found = new Set(aside.map(({ key }) => key));
  const twice = await database.query<{ id: string }>(
    `SELECT exception_id AS id FROM case_findings f LEFT JOIN cases c ON c.id = f.case_id WHERE c.id IS NULL`,
  );
  const parked = await database.query<{ id: string }>(
    "SELECT topic || ' ' || subject || ': ' || coalesce(last_error, '') AS id FROM work_items WHERE parked",
  );
  return [
    ...listed(
      'poisoned documents were not set aside',
      [...wanted].filter((key) => !found.has(key)),
    ),
    ...listed(
      'sound documents were set aside',
      [...found].filter((key) => !wanted.has(key)),
    ),
    ...listed(
      'findings have no case',
      twice.map(({ id }) => id),
    ),
    ...listed(
      'work of the hub was given up',
      parked.map(({ id }) => id),
    ),
  ];
}

async function deviceReplica(store: StoreProcess): Promise<Replica> {
  const documents = await openStoreDocuments({
    storage: openDeviceStorage(store.dataFolder),
    store: store.id,
  });
  try {
    const replica = new Map<string, Json>();
    for (const name of collectionNames) {
      const found: readonly { toJSON(): object }[] = await documents.collections[name].find().exec();
      for (const document of found) put(replica, name, document.toJSON());
    }
    return replica;
  } finally {
    await documents.close();
  }
}

async function hubReplica(database: Database, store: string): Promise<Replica> {
  const rows = await database.query<{ collection: CollectionName; document: object }>(
    `SELECT collection, document FROM documents
     WHERE NOT deleted AND (store = $1 OR other_store = $1 OR store = '*')`,
    [store],
  );
  const replica = new Map<string, Json>();
  for (const { collection, document } of rows) put(replica, collection, document);
  return replica;
}

function put(replica: Map<string, Json>, collection: CollectionName, document: object): void {
  const plain = JSON.parse(JSON.stringify(document)) as Json;
  replica.set(`${collection} ${String(plain['id'])}`, plain);
}

function difference(here: Json | undefined, there: Json | undefined): string {
  if (here === undefined) return 'is missing at the store';
  if (there === undefined) return `is missing at the hub: ${JSON.stringify(here)}`;
  const fields = [...new Set([...Object.keys(here), ...Object.keys(there)])];
  const differing = fields.filter((field) => !isDeepStrictEqual(here[field], there[field]));
  return differing
    .map(
      (field) =>
        `${field}: ${JSON.stringify(here[field])?.slice(0, 80)} and ${JSON.stringify(there[field])?.slice(0, 80)}`,
    )
    .join(', ');
}

function listed(problem: string, items: readonly string[]): readonly string[] {
  if (items.length === 0) return [];
  const more = items.length > MAX_SHOWN ? ` and ${items.length - MAX_SHOWN} more` : '';
  return [`${items.length} ${problem}: ${items.slice(0, MAX_SHOWN).join('; ')}${more}`];
}
