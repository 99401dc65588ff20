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
 *   node test/bench/storage.ts [rounds] [runs of a round]
 *
 * The trial stops at 500 documents and 500 operations, so there are two sizes: one that it can do, and RxDB's default
 * without it. The storages take turns, because a shared disk flushes ten times as quickly in one minute as in the next.
 * Times are the medians of the rounds, each in milliseconds as RxDB reports them: the mean of the quickest twentieth of
 * its measurements. Ratios are the medians of those within a round. Our columns:
 * `normal`, the default, flushes within a second; `full` flushes each write to the disk before it is acknowledged, which
 * is what the trial does, whose rollback journal and SQLite's default of synchronous=FULL flush four times a write;
 * `no cache` parses every document it returns.
 */

const [rounds = 5, runs = 5] = process.argv.slice(2).map(Number);
if (![rounds, runs].every((count) => Number.isSafeInteger(count) && count >= 1 && count <= 200)) {
  process.stderr.write('usage: node test/bench/storage.ts [rounds, 1 to 200] [runs of a round, 1 to 200]\n');
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
  normal: () => getRxStorageNodeSqlite({ folder: join(folder, 'normal') }) as AnyStorage,
  full: () => getRxStorageNodeSqlite({ folder: join(folder, 'full'), durability: 'full' }) as AnyStorage,
  'no cache': () => getRxStorageNodeSqlite({ folder: join(folder, 'no-cache'), cacheBytes: 0 }) as AnyStorage,
} as const;

type StorageName = keyof typeof storages;
/** The one's time over the other's. */
type Ratio = readonly [StorageName, StorageName];
type Times = Readonly<Record<string, number>>;

async function timesOf(name: StorageName, config: PerformanceTestConfig): Promise<Times> {
  const result = await runPerformanceTests(storages[name](), name, config);
  const notTimes = new Set(['description', 'collectionsAmount', 'docsAmount']);
  return Object.fromEntries(Object.entries(result).filter(([line]) => !notTimes.has(line))) as Times;
}

async function compare(
  title: string,
  config: PerformanceTestConfig,
  { names, ratios }: { readonly names: readonly StorageName[]; readonly ratios: readonly Ratio[] },
): Promise<void> {
  const ofRounds: (readonly (readonly [StorageName, Times])[])[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const times: [StorageName, Times][] = [];
    // The first of a round follows the last of the one before, so no storage always runs after the same one.
    for (const name of rotated(names, round)) times.push([name, await timesOf(name, config)]);
    ofRounds.push(times);
  }
  const perRound = ofRounds.map((times) => new Map(times));
  const timeOf = (round: ReadonlyMap<StorageName, Times>, name: StorageName, line: string): number =>
    round.get(name)?.[line] ?? Number.NaN;
  print('', title, row(['', ...names, ...ratios.map(([one, other]) => `${one}/${other}`)]));
  for (const line of Object.keys(perRound[0]?.get('normal') ?? {})) {
    const columns = names.map((name) =>
      median(perRound.map((round) => timeOf(round, name, line))).toFixed(2),
    );
    const quotients = ratios.map(([one, other]) => {
      const ofRound = perRound.map((round) => timeOf(round, one, line) / timeOf(round, other, line));
      return `${median(ofRound).toFixed(2)}x`;
    });
    print(row([line, ...columns, ...quotients]));
  }
}

function rotated<Item>(items: readonly Item[], by: number): readonly Item[] {
  const at = by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? upper) + upper) / 2;
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
    names: ['memory', 'trial', 'normal', 'full', 'no cache'],
    ratios: [
      ['trial', 'normal'],
      ['trial', 'full'],
      ['normal', 'memory'],
    ],
  });
  await compare("3,000 documents in bulks of 500, RxDB's default (ms)", quick, {
    names: ['memory', 'normal', 'full', 'no cache'],
    ratios: [['normal', 'memory']],
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
