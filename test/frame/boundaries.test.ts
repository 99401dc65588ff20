import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkBoundaries } from './boundaries.ts';

const root = new URL('../..', import.meta.url).pathname;
let tree: string;

/** A copy of the workspace manifests only, so that a planted file is the whole story. */
beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), 'truecount-boundaries-'));
  for (const folder of ['protocol', 'device', 'hub', 'apps'])
    mkdirSync(join(tree, folder), { recursive: true });
  cpSync(join(root, 'protocol/package.json'), join(tree, 'protocol/package.json'));
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
  plant('protocol/index.ts', 'export const word = 1;\n');
});
afterEach(() => rmSync(tree, { recursive: true, force: true }));

function plant(path: string, text: string): void {
  mkdirSync(join(tree, path, '..'), { recursive: true });
  writeFileSync(join(tree, path), text);
}

describe('the boundary check', () => {
  it.each([
    ['hub-and-device-never-meet', 'hub/intake/index.ts', '../../device/ledger/index.ts'],
    ['protocol-imports-nothing-of-ours', 'protocol/exception.ts', '../device/ledger/index.ts'],
    ['screens-import-only-protocol', 'apps/kiosk/screens/now.tsx', '../../../device/ledger/index.ts'],
    ['device-feeds-imports-only-upstream', 'device/feeds/index.ts', '../ledger/index.ts'],
    ['learning-enters-belief-by-its-doors', 'device/learning/index.ts', '../ledger/index.ts'],
  ])('fails on a planted breach of %s', async (rule, file, imported) => {
    plant('device/ledger/index.ts', 'export const entry = 1;\n');
    plant(file, `import { entry } from '${imported}';\nexport const used = entry;\n`);
    const { violations } = await checkBoundaries(tree);
    expect(violations.map((line) => line.split(':')[0])).toContain(rule);
  });

  it.each([
    ['learning-enters-belief-by-its-doors', 'device/learning/fit.ts', '../belief/look-steps.ts'],
    ['filter-steps-are-for-learning', 'device/agent/keeper.ts', '../belief/filter-steps.ts'],
  ])('fails on a planted breach of %s inside the device', async (rule, file, imported) => {
    plant('device/belief/look-steps.ts', 'export const look = 1;\n');
    plant('device/belief/filter-steps.ts', "export { look } from './look-steps.ts';\n");
    plant(file, `import { look } from '${imported}';\nexport const used = look;\n`);
    const { violations } = await checkBoundaries(tree);
    expect(violations.map((line) => line.split(':')[0])).toContain(rule);
  });

  it('fails when replay would load the schemas at its start', async () => {
    plant('protocol/observation.ts', 'export const parse = 1;\n');
    plant('device/belief/replay.ts', "export { parse } from '../../protocol/observation.ts';\n");
    const { violations } = await checkBoundaries(tree);
    expect(violations.map((line) => line.split(':')[0])).toContain('replay-starts-without-schemas');
  });

  it('is silent on an import that the rules allow', async () => {
    plant('device/feeds/index.ts', 'export const feed = 1;\n');
    plant('device/ledger/index.ts', "export { feed } from '../feeds/index.ts';\n");
    const { modules, violations } = await checkBoundaries(tree);
    expect(modules).toBeGreaterThan(1);
    expect(violations).toEqual([]);
  });
});
