import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * Puts RxDB's own tests beside an installed RxDB, so that they run against it without RxDB's build.
 *
 * Layout: `<work>/pkg` is the npm package with the `test/` of a checkout dropped in; `<work>/node_modules` holds what the
 * tests import. Nothing of RxDB's repository is part of this one.
 */

const testDependencies = [
  'mocha@11',
  'mocha.parallel@0.15',
  'tsx@4',
  'async-test-util@2',
  'ajv@8',
  'fake-indexeddb@6',
  'source-map-support@0.5',
  'get-port@7',
  'rxjs@7',
  'rxdb-old@npm:rxdb@15.39.0',
];

/** Plugins that RxDB's whole suite has registered by the time one of these files runs. */
const plugins = {
  'dev-mode': 'RxDBDevModePlugin',
  attachments: 'RxDBAttachmentsPlugin',
  cleanup: 'RxDBCleanupPlugin',
  'json-dump': 'RxDBJsonDumpPlugin',
  'leader-election': 'RxDBLeaderElectionPlugin',
  'local-documents': 'RxDBLocalDocumentsPlugin',
  'migration-schema': 'RxDBMigrationSchemaPlugin',
  'query-builder': 'RxDBQueryBuilderPlugin',
  update: 'RxDBUpdatePlugin',
};

export interface SuiteWorkspace {
  readonly folder: string;
  readonly packageFolder: string;
  readonly rxdbVersion: string;
}

export function prepareWorkspace(folder: string, checkout: string, repository: string): SuiteWorkspace {
  const tests = resolve(checkout, 'test');
  if (!existsSync(join(tests, 'unit', 'custom-storage.ts'))) {
    throw new Error(`${checkout} is not an RxDB checkout: it has no test/unit/custom-storage.ts`);
  }
  const installed = join(repository, 'node_modules', 'rxdb');
  const { version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
    version: string;
  };
  mkdirSync(folder, { recursive: true });
  installOnce(folder, version);
  const packageFolder = join(folder, 'pkg');
  rmSync(packageFolder, { recursive: true, force: true });
  cpSync(join(folder, 'node_modules', 'rxdb'), packageFolder, { recursive: true });
  cpSync(tests, join(packageFolder, 'test'), { recursive: true });
  writeFileSync(join(packageFolder, 'test', 'unit', 'custom-storage.ts'), customStorage(repository));
  writeFileSync(join(packageFolder, 'test', 'init-plugins.ts'), pluginInit());
  translateAttachments(join(packageFolder, 'test', 'unit'));
  return { folder, packageFolder, rxdbVersion: version };
}

function installOnce(folder: string, version: string): void {
  const marker = join(folder, `installed-${version}`);
  if (existsSync(marker)) return;
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', `rxdb@${version}`, ...testDependencies], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  writeFileSync(marker, '');
}

function customStorage(repository: string): string {
  const door = join(repository, 'device', 'documents', 'sqlite-storage', 'index.ts');
  return `
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRxStorageNodeSqlite } from ${JSON.stringify(door)};
import { wrappedValidateAjvStorage } from '../../plugins/validate-ajv/index.mjs';
const storage = getRxStorageNodeSqlite({ folder: mkdtempSync(join(tmpdir(), 'rxdb-suite-')) });
export const CUSTOM_STORAGE: any = {
  name: 'custom',
  getStorage: () => wrappedValidateAjvStorage({ storage }),
  getPerformanceStorage: () => ({ storage, description: 'node-sqlite' }),
  hasPersistence: true,
  hasMultiInstance: true,
  hasAttachments: true,
  hasReplication: true,
};
`;
}

function pluginInit(): string {
  const imports = Object.entries(plugins).map(
    ([folder, name]) => `import { ${name} } from '../plugins/${folder}/index.mjs';`,
  );
  return `
import './unit/config.ts';
import { addRxPlugin } from '../plugins/core/index.mjs';
import { disableWarnings } from '../plugins/dev-mode/index.mjs';
${imports.join('\n')}
disableWarnings();
for (const plugin of [${Object.values(plugins).join(', ')}]) addRxPlugin(plugin);
`;
}

/**
 * Up to RxDB 16 a storage took attachments as base64 text, since 17 as Blobs. Tests of a 16.x checkout are carried over:
 * the Blob itself goes in, its size is its length, and what comes out is compared by content.
 */
function translateAttachments(unitFolder: string): void {
  for (const name of readdirSync(unitFolder)) {
    if (!/^(rx-storage-implementations|replication-protocol)\.test\.ts$/.test(name)) continue;
    const path = join(unitFolder, name);
    const source = readFileSync(path, 'utf8');
    writeFileSync(
      path,
      source
        .replaceAll(/await blobToBase64String\((\w+)\)/g, '$1')
        .replaceAll(/\b(?:getAttachmentSize|getBlobSize)\((\w+)\)/g, '$1.size')
        .replaceAll(
          'assert.strictEqual(attachmentDataAfter, dataStringBase64)',
          'assert.strictEqual(await attachmentDataAfter.text(), await dataStringBase64.text())',
        )
        .replaceAll('attachmentData.length > 20', 'attachmentData.size > 20'),
    );
  }
}
