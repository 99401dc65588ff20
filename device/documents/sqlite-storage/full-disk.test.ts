import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Connection } from './connection.ts';
import { retryWhileFull } from './full-disk.ts';

let folder: string;
let connection: Connection;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'full-disk-'));
  connection = new Connection(join(folder, 'one.sqlite'));
  connection.run('CREATE TABLE t (x BLOB)');
  // SQLite says SQLITE_FULL at this bound as it does on a full disk (https://sqlite.org/rescode.html#full).
  connection.run('PRAGMA max_page_count = 4');
});

afterEach(() => {
  connection.close();
  rmSync(folder, { recursive: true });
});

it('waits for room and then writes, once', async () => {
  let attempts = 0;
  await retryWhileFull(async () => {
    attempts += 1;
    if (attempts === 3) connection.run('PRAGMA max_page_count = 1000');
    connection.run('INSERT INTO t VALUES (zeroblob(60000))');
    return Promise.resolve();
  }, new AbortController().signal);
  expect(attempts).toBe(3);
  expect(connection.get('SELECT count(*) FROM t')).toEqual([1]);
});

it('gives up with the reason when the file closes', async () => {
  const closing = new AbortController();
  const writing = retryWhileFull(() => {
    setImmediate(() => closing.abort());
    connection.run('INSERT INTO t VALUES (zeroblob(60000))');
    return Promise.resolve();
  }, closing.signal);
  await expect(writing).rejects.toThrow(/full/);
});

it('passes on every other failure at once', async () => {
  let attempts = 0;
  const writing = retryWhileFull(() => {
    attempts += 1;
    connection.run('INSERT INTO no_such_table VALUES (1)');
    return Promise.resolve();
  }, new AbortController().signal);
  await expect(writing).rejects.toThrow(/no_such_table/);
  expect(attempts).toBe(1);
});
