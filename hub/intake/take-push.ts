/**
 * Takes one push of a device in one transaction: merge, sequence numbers, quarantine, whatever the hub's other parts
 * derive from the change, and the answer itself commit together. A repeated request id gets the stored answer.
 *
 * When a document makes the transaction fail (a consumer threw on it), the rows are taken one by one and the
 * one that fails is put aside; when the database itself is in trouble, nothing is decided and the device asks again.
 */
import {
  type CollectionName,
  type DeviceAddress,
  instant,
  type Origin,
  type PushResult,
  type PushRow,
} from '@truecount/protocol';
import { type Database, sqlStateOf, type Transaction } from '../database/index.ts';
import { type Standing, standingOf } from './device-registry.ts';
import { lockStores } from './document-locks.ts';
import { ALL_STORES, scopeOf, storesOf } from './document-scope.ts';
import { documentProblem, getDocuments, writeDocuments } from './document-table.ts';
import { type HubState, judgePush, readWire, toWire } from './judge-push.ts';
import { readRows } from './push-rows.ts';
import { noteQuarantine, type Refusal } from './quarantine.ts';
import type { StoredDocument } from './stored-document.ts';

export interface DocumentChange {
  readonly before: StoredDocument | undefined;
  readonly after: StoredDocument;
  readonly device: DeviceAddress;
}

/** Runs inside the transaction that takes the change; may run again, so it changes nothing but the database. */
export type OnChanges = (tx: Transaction, changes: readonly DocumentChange[]) => Promise<void>;

export interface Push {
  readonly address: DeviceAddress;
  readonly from: Origin;
  readonly requestId: string;
  readonly collection: CollectionName;
  readonly rows: readonly unknown[];
  readonly atMs: number;
}

export type PushOutcome =
  | { readonly kind: 'taken'; readonly result: PushResult }
  | Exclude<Standing, { readonly kind: 'open' }>;

export async function takePush(database: Database, push: Push, onChanges: OnChanges): Promise<PushOutcome> {
  const { rows, refused } = readRows(push.rows);
  try {
    return await database.transaction((tx) => takeRows(tx, push, { rows, refused }, onChanges));
  } catch (error) {
    if (isTrouble(error)) throw error;
    return takeOneByOne(database, push, { rows, refused }, onChanges);
  }
}

interface Rows {
  readonly rows: readonly PushRow[];
  readonly refused: readonly Refusal[];
}

async function takeRows(
  tx: Transaction,
  push: Push,
  given: Rows,
  onChanges: OnChanges,
): Promise<PushOutcome> {
  const standing = await standingOf(tx, push.address, push.from);
  if (standing.kind !== 'open') return standing;
  await lockStores(tx, storesIn(push, given.rows));
  // Asked after the lock: of two hubs that got the same request, the second finds the first one's answer.
  const known = await answerOf(tx, push);
  if (known) return { kind: 'taken', result: known };
  const applied = await applyRows(tx, push, given.rows, onChanges);
  const result = await conclude(tx, push, applied, given.refused);
  await keepAnswer(tx, push, result);
  return { kind: 'taken', result };
}

interface Applied {
  readonly conflicts: readonly HubState[];
  readonly refused: readonly Refusal[];
  readonly accepted: readonly string[];
}

export async function applyRows(
  tx: Transaction,
  push: Pick<Push, 'address' | 'collection'>,
  rows: readonly PushRow[],
  onChanges: OnChanges,
): Promise<Applied> {
  const { collection, address } = push;
  const ids = rows.map(({ next }) => next.id);
  const before = new Map((await getDocuments(tx, collection, ids)).map((stored) => [stored.id, stored]));
  const writes: HubState[] = [];
  const conflicts: HubState[] = [];
  const refused: Refusal[] = [];
  const accepted: string[] = [];
  for (const row of rows) {
    const verdict = judgePush(collection, before.get(row.next.id), row, address.store);
    if (verdict.kind === 'refused') refused.push({ document: row.next, reason: verdict.reason });
    else if (verdict.kind === 'conflict') conflicts.push(verdict.state);
    else accepted.push(row.next.id);
    if (verdict.kind === 'write') {
      writes.push(verdict.state);
      if (verdict.conflict) conflicts.push(verdict.state);
    }
  }
  const written = await writeDocuments(tx, collection, writes, `device:${address.device}`);
  if (written.length > 0)
    await onChanges(
      tx,
      written.map((after) => ({ before: before.get(after.id), after, device: address })),
    );
  return { conflicts, refused, accepted };
}

async function conclude(
  tx: Transaction,
  push: Push,
  { conflicts, refused: judged, accepted }: Applied,
  unread: readonly Refusal[],
): Promise<PushResult> {
  const refused = [...unread, ...judged].map(({ document, reason }) => ({
    document,
    reason: reason.toWellFormed().replaceAll('\0', '\uFFFD').slice(0, 500),
  }));
  const place = { ...push.address, collection: push.collection };
  return {
    conflicts: conflicts.map(toWire),
    quarantined: refused.map(({ document, reason }) => ({ id: document.id, reason })),
    quarantinedTotal: await noteQuarantine(tx, place, { accepted, refused, atMs: push.atMs }),
  };
}

async function takeOneByOne(
  database: Database,
  push: Push,
  given: Rows,
  onChanges: OnChanges,
): Promise<PushOutcome> {
  const conflicts: HubState[] = [];
  const refused: Refusal[] = [];
  const accepted: string[] = [];
  for (const row of given.rows) {
    try {
      const applied = await database.transaction(async (tx) => {
        await lockStores(tx, storesIn(push, [row]));
        return applyRows(tx, push, [row], onChanges);
      });
      conflicts.push(...applied.conflicts);
      refused.push(...applied.refused);
      accepted.push(...applied.accepted);
    } catch (error) {
      if (isTrouble(error)) throw error;
      const problem = error instanceof Error ? error.message : 'unknown';
      refused.push({ document: row.next, reason: `the hub could not process it: ${problem}` });
    }
  }
  return database.transaction(async (tx) => {
    const standing = await standingOf(tx, push.address, push.from);
    if (standing.kind !== 'open') return standing;
    const result = await conclude(tx, push, { conflicts, refused, accepted }, given.refused);
    await keepAnswer(tx, push, result);
    return { kind: 'taken', result };
  });
}

/** The device's own store and, for transfers, the other side's, whose order the write takes part in. */
function storesIn(push: Pick<Push, 'address' | 'collection'>, rows: readonly PushRow[]): readonly string[] {
  const documents = rows.map(({ next }) => readWire(next).document);
  const sound = documents.filter((document) => documentProblem(push.collection, document) === undefined);
  const named = sound.flatMap((document) => storesOf(scopeOf(push.collection, document)));
  return [push.address.store, ...named.filter((store) => store !== ALL_STORES)];
}

async function answerOf(tx: Transaction, push: Push): Promise<PushResult | undefined> {
  const [row] = await tx.query<{ answer: string }>(
    'SELECT answer FROM answers WHERE device = $1 AND request = $2',
    [push.address.device, push.requestId],
  );
  return row && (JSON.parse(row.answer) as PushResult);
}

async function keepAnswer(tx: Transaction, push: Push, result: PushResult): Promise<void> {
  await tx.query(
    `INSERT INTO answers (device, request, answer, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
    [push.address.device, push.requestId, JSON.stringify(result), instant(push.atMs)],
  );
}

/** Classes of SQLSTATE that say nothing about the data: connection, resources, operator, system, contention. */
const TROUBLE = new Set(['08', '53', '57', '58', '40', '55']);

function isTrouble(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state !== undefined) return TROUBLE.has(state.slice(0, 2));
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && /^E(CONN|PIPE|TIMEDOUT|HOST|NET)/.test(code)) return true;
  return (
    error instanceof Error && /connection (terminated|timeout|ended)|is closed|closed/i.test(error.message)
  );
}
