import { fsyncSync, mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { expect, it } from 'vitest';
import { createCluster } from './create-cluster.ts';
import { DURABLE_START, DurableFiles } from './durable-files.ts';

it.skipIf(process.platform !== 'linux')(
  'a commit is on the disk before it is acknowledged, and tables are at a checkpoint',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'durable-'));
    const data = join(folder, 'pgdata');
    await createCluster(data);
    const synced: string[] = [];
    const sync = (fd: number): void => {
      synced.push(readlinkSync(`/proc/self/fd/${fd}`));
      fsyncSync(fd);
    };
    const database = await PGlite.create({
      fs: new DurableFiles(data, sync),
      startParams: [...DURABLE_START],
    });
    await database.exec('CREATE TABLE notes (text text)');
    for (const text of ['first', 'second']) {
      synced.length = 0;
      await database.query('INSERT INTO notes VALUES ($1)', [text]);
      expect(synced).toEqual([expect.stringContaining('/pg_wal/')]);
    }
    synced.length = 0;
    await database.exec('CHECKPOINT');
    expect(synced.filter((file) => file.includes('/base/'))).not.toEqual([]);
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  },
  120_000,
);
