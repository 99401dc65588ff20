/**
 * Makes the files of a new embedded database. In a process of its own, because initdb leaves some 200 MB behind that
 * this one would keep; and beside its place, into which it is moved when it is whole, so that a process killed meanwhile
 * begins anew.
 */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PGlite } from '@electric-sql/pglite';

/** V8 compiles WebAssembly once and not again better: this process runs too little of it to win that back. */
const ONE_PASS = '--liftoff-only';

/** Does nothing where there is a database already. */
export async function createCluster(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  // A name of its own: the process of a killed hub may still be at work on its unfinished one.
  const unfinished = `${folder}.new-${process.pid}`;
  const stem = `${basename(folder)}.new-`;
  for (const name of readdirSync(dirname(folder)))
    if (name.startsWith(stem)) rmSync(join(dirname(folder), name), { recursive: true, force: true });
  await promisify(execFile)(process.execPath, [ONE_PASS, fileURLToPath(import.meta.url), unfinished]);
  renameSync(unfinished, folder);
}

/** The files of a new database as a tar archive, for databases in memory that need not make their own. */
export async function clusterImage(): Promise<Blob> {
  const pglite = await PGlite.create();
  try {
    return await pglite.dumpDataDir('none');
  } finally {
    await pglite.close();
  }
}

if (import.meta.main) {
  const [, , folder] = process.argv;
  if (folder === undefined) throw new Error('create-cluster.ts needs the folder to make');
  const pglite = await PGlite.create({ dataDir: folder });
  await pglite.close();
}
