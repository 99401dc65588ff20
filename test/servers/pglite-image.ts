/**
 * A new embedded database as an image, made once on this machine and not in every test: making it takes three seconds of
 * processor time, loading it half a second.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clusterImage } from '../../hub/database/create-cluster.ts';

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/truecount', import.meta.url));

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
  const require = createRequire(new URL('../../hub/package.json', import.meta.url));
  const manifest: unknown = JSON.parse(
    readFileSync(join(dirname(require.resolve('@electric-sql/pglite')), '../package.json'), 'utf8'),
  );
  return typeof manifest === 'object' && manifest && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';
}
