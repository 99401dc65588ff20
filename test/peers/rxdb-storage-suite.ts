import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { prepareWorkspace, type SuiteWorkspace } from './rxdb-suite-workspace.ts';

/**
 * Runs RxDB's own tests against `device/documents/sqlite-storage` and, in the same run, against RxDB's memory storage.
 *
 *   node test/peers/rxdb-storage-suite.ts <rxdb-checkout> [--work <folder>] [--only <file>,<file>]
 *
 * The memory storage's result is the bar: the exit status is 0 when every test that it passes is passed here too. Tests
 * that both fail do not apply to the installed RxDB; each is listed with the reason, or the run fails.
 */

/** What the storage configuration of RxDB's suite runs, storage tests first; files that need servers are left out. */
const suiteFiles = [
  'rx-storage-implementations',
  'rx-storage-query-correctness',
  'rx-storage-helper',
  'replication-protocol',
  'replication',
  'conflict-handling',
  'migration-schema',
  'migration-storage',
  'attachments',
  'backup',
  'cleanup',
  'crdt',
  'cross-instance',
  'encryption',
  'hooks',
  'import-export',
  'internal-indexes',
  'key-compression',
  'leader-election',
  'local-documents',
  'orm',
  'population',
  'reactive-collection',
  'reactive-document',
  'reactive-query',
  'replication-multiinstance',
  'rx-collection',
  'rx-database',
  'rx-document',
  'rx-pipeline',
  'rx-query',
  'rx-schema',
  'rx-state',
];

/** Why a test fails on every storage: the checkout is older than the installed RxDB. */
const notApplicable: readonly { readonly title: RegExp; readonly reason: string }[] = [
  {
    title: /query-correctness.* \$lt\/\$lte/,
    reason:
      'Asserts what the query planner of RxDB 16 says before any storage is asked; that of 17 finds the selector satisfied by the index.',
  },
  {
    title: /version 15 data should be compatible with version 16 code/,
    reason: 'Opens a database of RxDB 15, which RxDB 17 refuses (DM5) before any storage is asked.',
  },
  {
    title: /attachments.* should be able to change the attachment data during migration/,
    reason: 'Its migration strategy hands out base64 text, as RxDB 16 wanted it; RxDB 17 wants a Blob.',
  },
  {
    title: /local-documents.* should remove the document/,
    reason: 'Expects getLocal() to return a removed document; since RxDB 17 it returns null.',
  },
];

/**
 * Never run: it opens collections until RxDB refuses, as 16 did at this number, and leaves them open; under 17 every test
 * after it then meets the limit.
 */
const skippedTitle = 'if not premium, it should limit the collections amount';

/** In parallel, as the fast mode runs them, their tests together open more collections than RxDB allows. */
const sequentialFiles: ReadonlySet<string> = new Set(['rx-collection']);

const fileTimeoutMs = 180_000;

interface FileResult {
  readonly passed: ReadonlySet<string>;
  readonly failed: ReadonlyMap<string, string>;
  /** The run ended before all tests had. */
  readonly isBroken: boolean;
}

interface MochaTest {
  readonly fullTitle: string;
  readonly err: { readonly message?: string };
}

function runFile(workspace: SuiteWorkspace, storage: 'memory' | 'custom', file: string): FileResult {
  const report = join(workspace.folder, `report-${storage}-${file}.json`);
  rmSync(report, { force: true });
  const mocha = [
    '--import',
    'tsx',
    join(workspace.folder, 'node_modules', 'mocha', 'bin', 'mocha.js'),
    '--exit',
    '--timeout',
    '15000',
    '--grep',
    skippedTitle,
    '--invert',
    '--reporter',
    'json',
    '--reporter-option',
    `output=${report}`,
    'pkg/test/init-plugins.ts',
    `pkg/test/unit/${file}.test.ts`,
  ];
  try {
    execFileSync(process.execPath, mocha, {
      cwd: workspace.folder,
      env: { ...process.env, DEFAULT_STORAGE: storage, NODE_ENV: sequentialFiles.has(file) ? '' : 'fast' },
      timeout: fileTimeoutMs,
      stdio: 'ignore',
    });
  } catch {
    // Failed tests end mocha with their number; the report says which.
  }
  if (!existsSync(report)) return { passed: new Set(), failed: new Map(), isBroken: true };
  const { passes, failures } = JSON.parse(readFileSync(report, 'utf8')) as {
    passes: MochaTest[];
    failures: MochaTest[];
  };
  return {
    passed: new Set(passes.map(titleOf)),
    failed: new Map(failures.map((test) => [titleOf(test), test.err.message?.split('\n')[0] ?? ''])),
    isBroken: false,
  };
}

/** Some titles name the storage. */
function titleOf({ fullTitle }: MochaTest): string {
  return fullTitle.replaceAll(/\b(?:memory|custom)\b/g, 'storage');
}

function compare(file: string, memory: FileResult, ours: FileResult): string[] {
  const faults: string[] = [];
  if (ours.isBroken && !memory.isBroken) faults.push(`${file}: the run did not end`);
  for (const title of memory.passed) {
    if (!ours.passed.has(title)) faults.push(`${file}: ${title}: ${ours.failed.get(title) ?? 'did not run'}`);
  }
  for (const [title, message] of ours.failed) {
    if (memory.passed.has(title)) continue;
    const known = notApplicable.find((entry) => entry.title.test(title));
    if (known) print(`    does not apply: ${title}\n      ${known.reason}`);
    else
      faults.push(`${file}: ${title}: fails on the memory storage too, without a known reason: ${message}`);
  }
  return faults;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function optionOf(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(name);
  return at === -1 ? undefined : args[at + 1];
}

function main(args: readonly string[]): number {
  const checkout = args[0];
  if (checkout === undefined || checkout.startsWith('--')) {
    process.stderr.write(
      'usage: node test/peers/rxdb-storage-suite.ts <rxdb-checkout> [--work folder] [--only files]\n',
    );
    return 2;
  }
  const work = resolve(optionOf(args, '--work') ?? join(tmpdir(), 'rxdb-storage-suite'));
  const workspace = prepareWorkspace(work, checkout, resolve(import.meta.dirname, '..', '..'));
  print(`RxDB ${workspace.rxdbVersion}, tests of ${checkout}`);
  const files = optionOf(args, '--only')?.split(',') ?? suiteFiles;
  const faults: string[] = [];
  const total = { memory: 0, ours: 0, tests: 0 };
  for (const file of files) {
    const memory = runFile(workspace, 'memory', file);
    const ours = runFile(workspace, 'custom', file);
    const tests = ours.passed.size + ours.failed.size;
    print(
      `${file.padEnd(32)} memory ${memory.passed.size}/${tests}   node-sqlite ${ours.passed.size}/${tests}`,
    );
    total.memory += memory.passed.size;
    total.ours += ours.passed.size;
    total.tests += tests;
    faults.push(...compare(file, memory, ours));
  }
  print(
    `${'total'.padEnd(32)} memory ${total.memory}/${total.tests}   node-sqlite ${total.ours}/${total.tests}`,
  );
  for (const fault of faults) print(`FAULT ${fault}`);
  return faults.length === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
