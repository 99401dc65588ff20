/**
 * A new embedded database as an image, made once on this machine and not in every test: making it takes three seconds of
 * processor time, loading it half a second.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clusterImage } from '../../hub/database/create-cluster.ts';

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));
const CACHE = join(MODULES, '.cache/truecount');

export async function pgliteImage(): Promise<Blob> {
  const file = join(CACHE, `pglite-${pgliteVersion()}.tar`);
  if (!existsSync(file)) {
    const image = Buffer.from(await (await clusterImage()).arrayBuffer());
    mkdirSync(CACHE, { recursive: true });
    // Whole or not there: another test may look for it at the same time.
    const unfinished = `${file}.${process.pid}`;
    writeFileSync(unfinished, image);
    renameSync(unfinished, file);
  }
  return new Blob([readFileSync(file)]);
}

function pgliteVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(`${MODULES}/@electric-sql/pglite/package.json`, 'utf8'));
  return typeof manifest === 'object' && manifest && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';
}
