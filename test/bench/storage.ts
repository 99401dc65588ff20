import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { RxStorage } from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { getRxStorageSQLiteTrial, getSQLiteBasicsNodeNative } from 'rxdb/plugins/storage-sqlite';
import { runPerformanceTests, type PerformanceTestConfig } from 'rxdb/plugins/test-utils';
import { getRxStorageNodeSqlite } from '../../device/documents/sqlite-storage/index.ts';

/**
 * RxDB's own performance test for the memory storage, the trial SQLite storage and ours, in one program.
 *
 *   node test/bench/storage.ts [runs]
 *
 * The trial stops at 500 documents and 500 operations, so there are two sizes: one that it can do, and RxDB's default
 * without it. Times are milliseconds as RxDB reports them, the mean of the quickest twentieth of the runs. Our columns:
 * `full` flushes each write to the disk before it is acknowledged, which is the default (and what the trial does);
 * `normal` leaves that to the operating system; `no cache` parses every document it returns.
 */

const runs = Number(process.argv[2] ?? 20);
if (!Number.isSafeInteger(runs) || runs < 1 || runs > 200) {
  process.stderr.write('usage: node test/bench/storage.ts [runs, 1 to 200]\n');
  process.exit(2);
}

const quick = { runs, waitBetweenTests: 5, log: false } satisfies PerformanceTestConfig;
const withinTrialLimits = { ...quick, docsAmount: 300, serialDocsAmount: 20, insertBatches: 6 };

type AnyStorage = RxStorage<unknown, unknown>;

const folder = mkdtempSync(join(tmpdir(), 'bench-storage-'));
const storages = {
  memory: () => getRxStorageMemory() as unknown as AnyStorage,
  trial: () =>
    getRxStorageSQLiteTrial({
      sqliteBasics: getSQLiteBasicsNodeNative(DatabaseSync),
      databaseNamePrefix: `${folder}/`,
    }) as unknown as AnyStorage,
  full: () => getRxStorageNodeSqlite({ folder: join(folder, 'full') }) as AnyStorage,
  normal: () =>
    getRxStorageNodeSqlite({ folder: join(folder, 'normal'), durability: 'normal' }) as AnyStorage,
  'no cache': () => getRxStorageNodeSqlite({ folder: join(folder, 'no-cache'), cacheBytes: 0 }) as AnyStorage,
} as const;

type StorageName = keyof typeof storages;
type Times = Readonly<Record<string, number>>;

async function timesOf(name: StorageName, config: PerformanceTestConfig): Promise<Times> {
  const result = await runPerformanceTests(storages[name](), name, config);
  const notTimes = new Set(['description', 'collectionsAmount', 'docsAmount']);
  return Object.fromEntries(Object.entries(result).filter(([line]) => !notTimes.has(line))) as Times;
}

async function compare(
  title: string,
  config: PerformanceTestConfig,
  { names, against }: { readonly names: readonly StorageName[]; readonly against: readonly StorageName[] },
): Promise<void> {
  const times = new Map<StorageName, Times>();
  for (const name of names) times.set(name, await timesOf(name, config));
  const ours = times.get('full') ?? {};
  print('', title, row(['', ...names, ...against.map((other) => `${other}/full`)]));
  for (const [line, ms] of Object.entries(ours)) {
    const columns = names.map((name) => (times.get(name)?.[line] ?? Number.NaN).toFixed(2));
    const ratios = against.map((other) => `${((times.get(other)?.[line] ?? Number.NaN) / ms).toFixed(2)}x`);
    print(row([line, ...columns, ...ratios]));
  }
}

function row([first = '', ...columns]: readonly string[]): string {
  return first.padEnd(26) + columns.map((column) => column.padStart(13)).join('');
}

function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** The trial warns of its limits on every write. */
function silenceTrial(): void {
  console.warn = () => undefined;
}

silenceTrial();
try {
  await compare('300 documents in bulks of 50, within the limits of the trial (ms)', withinTrialLimits, {
    names: ['memory', 'trial', 'full', 'normal', 'no cache'],
    against: ['trial', 'memory'],
  });
  await compare("3,000 documents in bulks of 500, RxDB's default (ms)", quick, {
    names: ['memory', 'full', 'normal', 'no cache'],
    against: ['memory'],
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
