import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createRevision,
  fillWithDefaultSettings,
  getQueryMatcher,
  getSortComparator,
  normalizeMangoQuery,
  prepareQuery,
  type BulkWriteRow,
  type MangoQuery,
  type RxDocumentData,
  type RxJsonSchema,
  type RxStorageInstance,
  type RxStorageInstanceCreationParams,
} from 'rxdb';
import { onTestFinished } from 'vitest';
import { getRxStorageNodeSqlite, type SqliteStorageOptions } from './index.ts';
import { writeTimeOf } from './document-fields.ts';
import type { ChangeCheckpoint, SqliteCollectionOptions, SqliteInternals } from './index.ts';

/** Builders for the storage's tests. */

export interface Item {
  readonly id: string;
  readonly name: string;
  readonly qty: number;
  readonly isFresh: boolean;
  readonly place?: { readonly aisle?: string };
}

export type ItemInstance = RxStorageInstance<
  Item,
  SqliteInternals,
  SqliteCollectionOptions,
  ChangeCheckpoint
>;
export type StoredItem = RxDocumentData<Item>;

const itemSchema: RxJsonSchema<Item> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 100 },
    name: { type: 'string', maxLength: 100 },
    qty: { type: 'number', minimum: -1_000_000, maximum: 1_000_000, multipleOf: 0.01 },
    isFresh: { type: 'boolean' },
    place: { type: 'object', properties: { aisle: { type: 'string', maxLength: 20 } } },
  },
  required: ['id', 'name', 'qty', 'isFresh'],
  indexes: ['name', 'qty', ['isFresh', 'qty'], 'place.aisle'],
};

export function itemSchemaWith(
  changes: Partial<RxJsonSchema<Item>> = {},
): RxJsonSchema<RxDocumentData<Item>> {
  return fillWithDefaultSettings({ ...itemSchema, ...changes });
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sqlite-storage-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function openItems(
  options: SqliteStorageOptions,
  changes: Partial<RxStorageInstanceCreationParams<Item, SqliteCollectionOptions>> = {},
): Promise<ItemInstance> {
  return openItemsOf(getRxStorageNodeSqlite(options), changes);
}

export async function openItemsOf(
  storage: ReturnType<typeof getRxStorageNodeSqlite>,
  changes: Partial<RxStorageInstanceCreationParams<Item, SqliteCollectionOptions>> = {},
): Promise<ItemInstance> {
  const instance = await storage.createStorageInstance<Item>({
    databaseInstanceToken: `token-${Math.random()}`,
    databaseName: 'store',
    collectionName: 'items',
    schema: itemSchemaWith(),
    options: {},
    multiInstance: false,
    devMode: false,
    ...changes,
  });
  onTestFinished(() => instance.close());
  return instance;
}

/** Opens one collection after another in a file that stays open, once without a document cache and once with one. */
export async function openItemsInTurn(): Promise<() => Promise<ItemInstance>> {
  const storages = [0, 1e6].map((cacheBytes) =>
    getRxStorageNodeSqlite({ folder: temporaryFolder(), cacheBytes }),
  );
  for (const storage of storages) await openItemsOf(storage);
  let opened = 0;
  return () => {
    const storage = storages[opened % storages.length];
    if (!storage) throw new Error('unreachable');
    return openItemsOf(storage, { collectionName: `items${(opened += 1)}` });
  };
}

export function item(id: string, changes: Partial<StoredItem> = {}): StoredItem {
  return {
    id,
    name: `name of ${id}`,
    qty: 1,
    isFresh: false,
    _deleted: false,
    _attachments: {},
    _rev: '1-writer',
    _meta: { lwt: 1_700_000_000_000 },
    ...changes,
  };
}

/** The next version of a document, as RxDB would write it. */
export function nextOf(previous: StoredItem, changes: Partial<StoredItem> = {}): BulkWriteRow<Item> {
  const document = {
    ...previous,
    _rev: createRevision('writer', previous),
    _meta: { lwt: writeTimeOf(previous) + 1 },
    ...changes,
  };
  return { previous, document };
}

export async function insert(instance: ItemInstance, documents: readonly StoredItem[]): Promise<void> {
  const { error } = await instance.bulkWrite(
    documents.map((document) => ({ document })),
    'test',
  );
  if (error.length > 0) throw new Error(`insert of ${error[0]?.documentId} was refused`);
}

export function prepared(instance: ItemInstance, query: MangoQuery<Item>) {
  const schema = instance.schema as RxJsonSchema<RxDocumentData<Item>>;
  return prepareQuery(schema, normalizeMangoQuery(schema, query as MangoQuery<RxDocumentData<Item>>));
}

export async function idsOf(instance: ItemInstance, query: MangoQuery<Item>): Promise<string[]> {
  const { documents } = await instance.query(prepared(instance, query));
  return documents.map(({ id }) => id);
}

/** What RxDB's own matcher and comparator say a query returns. */
export function expectedIds(
  instance: ItemInstance,
  documents: readonly StoredItem[],
  query: MangoQuery<Item>,
): string[] {
  const schema = instance.schema as RxJsonSchema<RxDocumentData<Item>>;
  const full = normalizeMangoQuery(schema, query as MangoQuery<RxDocumentData<Item>>);
  const matches = getQueryMatcher(schema, full as never);
  const found = documents.filter((document) => matches(document as never));
  found.sort(getSortComparator(schema, full as never));
  return found
    .slice(full.skip, full.limit === undefined ? undefined : full.skip + full.limit)
    .map(({ id }) => id);
}
