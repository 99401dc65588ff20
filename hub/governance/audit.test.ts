import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeOnEachDatabase } from '../../test/servers/databases.ts';
import { type Database, migrate } from '../database/index.ts';
import { AuditAnchor, readAnchor } from './audit-anchor.ts';
import { AuditLog } from './audit-log.ts';
import { auditMigrations } from './audit-tables.ts';
import { verifyAudit } from './audit-verify.ts';
import { type HubKey, loadHubKey } from './hub-key.ts';

const ENTRIES = 5;
const COLUMNS = [
  'seq',
  'at',
  'actor',
  'action',
  'subject',
  'text',
  'detail',
  'previous',
  'hash',
  'key_id',
  'signature',
];
const HEAD_COLUMNS = ['seq', 'hash', 'at', 'key_id', 'signature'];
const clock = { now: () => Date.parse('2026-03-02T09:00:00.000Z') };

describeOnEachDatabase('the audit chain', (openEmpty) => {
  let database: Database;
  let folder: string;
  let key: HubKey;
  let log: AuditLog;
  const anchorFile = (): string => join(folder, 'audit-head.json');

  beforeAll(async () => {
    database = await openEmpty();
    folder = mkdtempSync(join(tmpdir(), 'truecount-audit-'));
    key = loadHubKey(join(folder, 'hub-key.pem'));
  });
  afterAll(async () => {
    await database.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    await database.exec('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    rmSync(anchorFile(), { force: true });
    await migrate(database, auditMigrations);
    log = new AuditLog({ key, anchor: new AuditAnchor(anchorFile()), clock });
    for (let n = 1; n <= ENTRIES; n += 1) await append(`counted ${n}`);
    await log.close();
  });

  const append = (text: string): Promise<void> =>
    database.transaction((tx) =>
      log.append(tx, [
        { actor: 'Kim (manager)', action: 'case.approve', subject: 'case:1', text, detail: { n: 1.5 } },
      ]),
    );
  const verify = () => verifyAudit(database, { key, anchor: readAnchor(anchorFile()) });
  /** As somebody who owns the database could. */
  const tamper = async (sql: string): Promise<void> => {
    await database.exec(
      `ALTER TABLE audit_entries DISABLE TRIGGER ALL; ${sql}; ALTER TABLE audit_entries ENABLE TRIGGER ALL`,
    );
  };

  it('verifies what was appended', async () => {
    expect(await verify()).toMatchObject({ ok: true, entries: ENTRIES });
  });

  it('numbers entries of parallel writers without a gap', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => append(`parallel ${n}`)));
    await log.close();
    expect(await verify()).toMatchObject({ ok: true, entries: ENTRIES + 20 });
  });

  it('refuses changes through the database itself', async () => {
    await expect(database.exec("UPDATE audit_entries SET text = 'x'")).rejects.toThrow(/never changed/);
    await expect(database.exec('DELETE FROM audit_entries')).rejects.toThrow(/never changed/);
    await expect(database.exec('TRUNCATE audit_entries')).rejects.toThrow(/never changed/);
  });

  it('finds any single changed byte of any column of any row', async () => {
    const rows = await database.query<Record<string, string | number>>(
      'SELECT * FROM audit_entries ORDER BY seq',
    );
    const place = fc.record({
      row: fc.integer({ min: 0, max: ENTRIES - 1 }),
      column: fc.constantFrom(...COLUMNS),
      at: fc.nat(),
      by: fc.integer({ min: 1, max: 90 }),
    });
    await fc.assert(
      fc.asyncProperty(place, async ({ row, column, at, by }) => {
        const entry = rows[row] ?? {};
        const before = String(entry[column]);
        const value = column === 'seq' ? String(Number(before) + by * 10) : changedAt(before, at, by);
        const numbered = entry['seq'];
        await tamper(`UPDATE audit_entries SET ${column} = '${value}' WHERE seq = ${numbered}`);
        expect(await verify(), `${column} of entry ${numbered}`).toMatchObject({ ok: false });
        await tamper(
          `UPDATE audit_entries SET ${column} = '${before}' WHERE seq = ${column === 'seq' ? value : numbered}`,
        );
      }),
      { numRuns: 60 },
    );
    expect(await verify()).toMatchObject({ ok: true });
  });

  it('finds any single changed byte of the head row and of the anchor file', async () => {
    const [head] = await database.query<Record<string, string | number>>('SELECT * FROM audit_head');
    for (const column of HEAD_COLUMNS) {
      const before = String(head?.[column]);
      for (const at of [0, Math.floor(before.length / 2), before.length - 1]) {
        const value = column === 'seq' ? '4' : changedAt(before, at, 1);
        await tamper(`UPDATE audit_head SET ${column} = '${value}'`);
        expect(await verify(), `${column} of the head`).toMatchObject({ ok: false });
        await tamper(`UPDATE audit_head SET ${column} = '${before}'`);
      }
    }
    const text = readFileSync(anchorFile(), 'utf8').trimEnd();
    for (let at = 0; at < text.length; at += 1) {
      writeFileSync(anchorFile(), changedAt(text, at, 1));
      expect(await verify(), `byte ${at} of the anchor`).toMatchObject({ ok: false });
    }
  });

  it('finds the loss of the tail, whatever is done to hide it', async () => {
    await tamper(`DELETE FROM audit_entries WHERE seq = ${ENTRIES}`);
    expect(await verify()).toMatchObject({ ok: false, brokenAt: ENTRIES });
    await tamper('DELETE FROM audit_head');
    expect(await verify()).toMatchObject({ ok: false, problem: 'the head row is missing' });
    await tamper('DELETE FROM audit_entries');
    expect(await verify()).toMatchObject({ ok: false, entries: 0 });
  });

  it('finds a tail that was cut back to an older, properly signed head', async () => {
    const [older] = await database.query<{ at: string }>('SELECT * FROM audit_head');
    await append('one more');
    await log.close();
    await tamper(`DELETE FROM audit_entries WHERE seq > ${ENTRIES}; DELETE FROM audit_head`);
    const columns = Object.keys(older ?? {});
    await database.query(
      `INSERT INTO audit_head (${columns.join(',')}) VALUES (${columns.map((_, n) => `$${n + 1}`).join(',')})`,
      Object.values(older ?? {}),
    );
    expect(await verify()).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/the anchor file has seen/),
    });
  });

  it('anchors the last entry, however many are committed while the file is written', async () => {
    const anchored = (): unknown => {
      const reading = readAnchor(anchorFile());
      return reading.state === 'read' ? reading.head.seq : reading;
    };
    for (let n = 1; n <= 30; n += 1) {
      await append(`in a row ${n}`);
      expect(anchored()).toBeLessThanOrEqual(ENTRIES + n);
    }
    await log.close();
    expect(anchored()).toBe(ENTRIES + 30);
    expect(await verify()).toMatchObject({ ok: true, entries: ENTRIES + 30 });
  });

  it('finds a removed anchor', async () => {
    rmSync(anchorFile());
    expect(await verify()).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/anchor file .* missing/),
    });
  });

  it('finds a removed entry in the middle, and entries that another key signed', async () => {
    await tamper('DELETE FROM audit_entries WHERE seq = 3');
    expect(await verify()).toMatchObject({ ok: false, brokenAt: 3, problem: 'entry 3 is missing' });
    const other = loadHubKey(join(folder, 'other-key.pem'));
    const forged = await verifyAudit(database, { key: other, anchor: readAnchor(anchorFile()) });
    expect(forged).toMatchObject({ ok: false, problem: expect.stringMatching(/another key/) });
  });
});

/** Another printable ASCII byte than the one that is there, so that the text stays valid SQL and UTF-8. */
function changedAt(text: string, place: number, by: number): string {
  const at = place % text.length;
  const code = text.charCodeAt(at);
  let next = 33 + ((code - 33 + by) % 94);
  while (next === code || next === 39) next = 33 + ((next - 33 + 1) % 94);
  return text.slice(0, at) + String.fromCharCode(next) + text.slice(at + 1);
}
