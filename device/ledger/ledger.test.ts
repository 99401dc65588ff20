import fc from 'fast-check';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import type { FeedObservation } from '@truecount/protocol';
import { backupLedger, Ledger, LEDGER_FILE, restoreLedger, verifyLedger } from './index.ts';

const folders: string[] = [];
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-'));
  folders.push(folder);
  return folder;
};
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const now = (): number => Date.parse('2026-03-02T09:00:00.000Z');
const open = (folder: string): Ledger => new Ledger({ folder, store: 'harbour', device: 'till-pc', now });
const sale = (sku: string, key?: string, t = '2026-03-02T09:14:03.120Z'): FeedObservation => ({
  observation: { type: 'sale', t, sku, qty: 1 },
  ...(key === undefined ? {} : { key }),
});

describe('the ledger', () => {
  it('gives gap-free sequence numbers across callers, duplicates and restarts', async () => {
    const folder = newFolder();
    const first = open(folder);
    const results = await Promise.all([
      first.append('pos', [sale('a', '1/1'), sale('b', '1/2')]),
      first.append('pos', [sale('a', '1/1'), sale('c', '1/3')]),
      first.append('scanner', [sale('a', '1/1')]),
    ]);
    first.close();
    expect(results.flat().map((r) => r.status)).toEqual([
      'stored',
      'stored',
      'duplicate',
      'stored',
      'stored',
    ]);
    using again = open(folder);
    const [late] = await again.append('pos', [sale('d', '1/4')]);
    expect(late).toMatchObject({ status: 'stored', entry: { seq: 5, epoch: 1, device: 'till-pc' } });
    expect([...again.read()].map((entry) => entry.seq)).toEqual([1, 2, 3, 4, 5]);
    expect([...again.read({ fromSeq: 4, limit: 1 })].map((entry) => entry.seq)).toEqual([4]);
  });

  it('stores an id once, whichever feed brings it again', async () => {
    using ledger = open(newFolder());
    const count = { id: 'count-1', observation: { ...sale('a').observation } } as FeedObservation;
    await ledger.append('kiosk', [count]);
    const [again] = await ledger.append('other', [count]);
    expect(again).toEqual({ status: 'duplicate', id: 'count-1', seq: 1 });
    expect(ledger.find('count-1')?.feed).toBe('kiosk');
  });

  it('remembers which entries later ones took back', async () => {
    const folder = newFolder();
    const ledger = open(folder);
    await ledger.append('kiosk', [{ id: 'count-1', ...sale('a') }, sale('a')]);
    await ledger.append('kiosk', [{ ...sale('a'), corrects: 'count-1' }]);
    ledger.close();
    using again = open(folder);
    expect([...again.correctedIds()]).toEqual(['count-1']);
    expect([...again.read()].map((entry) => entry.corrects)).toEqual([undefined, undefined, 'count-1']);
  });

  it('refuses what is no observation and stores its neighbours', async () => {
    using ledger = open(newFolder());
    const absurd = { observation: { type: 'sale', t: 'yesterday', sku: 'a', qty: 1 } } as FeedObservation;
    const noDate = sale('a', undefined, '2026-13-77T09:00:00.000Z');
    const results = await ledger.append('pos', [sale('a'), absurd, noDate, sale('b')]);
    expect(results.map((r) => r.status)).toEqual(['stored', 'refused', 'refused', 'stored']);
    expect(ledger.head().seq).toBe(2);
  });

  it('gives the history of a SKU and of the store by the time things happened', async () => {
    using ledger = open(newFolder());
    const day = (time: string): string => `2026-03-02T${time}:00.000Z`;
    await ledger.append('pos', [
      sale('a', undefined, day('10:00')),
      { observation: { type: 'close', t: day('20:00') } },
      sale('b', undefined, day('09:30')),
      sale('a', undefined, day('09:00')),
    ]);
    const seqs = (options: { sku?: string; fromMs?: number }): number[] =>
      [...ledger.history(options)].map((entry) => entry.seq);
    expect(seqs({ sku: 'a' })).toEqual([4, 1]);
    expect(seqs({ sku: 'a', fromMs: Date.parse(day('09:30')) })).toEqual([1]);
    expect(seqs({})).toEqual([4, 3, 1, 2]);
    expect(seqs({ fromMs: Date.parse(day('09:30')) })).toEqual([3, 1, 2]);
    expect(ledger.latest('a', 1).map((entry) => entry.seq)).toEqual([1]);
  });

  it('reads back exactly what was appended, over any batches, pages and repetitions', async () => {
    const batches = fc.array(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 8 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(batches, fc.integer({ min: 1, max: 7 }), async (keys, maxGroup) => {
        using ledger = new Ledger({ folder: newFolder(), store: 'harbour', now, maxGroup });
        const results = await Promise.all(
          keys.map((batch) =>
            ledger.append(
              'pos',
              batch.map((key) => sale(`sku-${key}`, `${key}`)),
            ),
          ),
        );
        const expected = [...new Set(keys.flat())].map((key) => `sku-${key}`);
        const stored = [...ledger.read()].map((entry) => 'sku' in entry.observation && entry.observation.sku);
        expect(stored).toEqual(expected);
        expect(results.map((r) => r.length)).toEqual(keys.map((batch) => batch.length));
      }),
      { numRuns: 25 },
    );
  });
});

describe("the journal's chain", () => {
  const tamper = (folder: string, sql: string): void => {
    const db = new DatabaseSync(join(folder, LEDGER_FILE));
    db.exec(sql);
    db.close();
  };
  const filled = async (): Promise<string> => {
    const folder = newFolder();
    using ledger = open(folder);
    await ledger.append(
      'pos',
      ['a', 'b', 'c', 'd'].map((sku) => sale(sku)),
    );
    return folder;
  };

  it('is whole after normal use', async () => {
    const folder = await filled();
    expect(await verifyLedger(join(folder, LEDGER_FILE))).toMatchObject({ whole: true, entries: 4 });
  });

  it.each([
    ['an edited entry', "UPDATE entry SET body = replace(body, '1}', '9}') WHERE seq = 2", 2],
    ['a removed entry', 'DELETE FROM entry WHERE seq = 3', 3],
    ['a removed tail', 'DELETE FROM entry WHERE seq >= 3', 3],
    ['a changed feed', "UPDATE entry SET feed = 'x' WHERE seq = 4", 4],
  ])('shows %s', async (_what, sql, brokenAt) => {
    const folder = await filled();
    tamper(folder, sql);
    expect(await verifyLedger(join(folder, LEDGER_FILE))).toMatchObject({ whole: false, brokenAt });
  });

  it('refuses to go on after a lost tail', async () => {
    const folder = await filled();
    tamper(folder, 'DELETE FROM entry WHERE seq = 4');
    expect(() => open(folder)).toThrow(expect.objectContaining({ code: 'E_LEDGER_CORRUPT' }));
  });
});

describe('backup and restore', () => {
  it('brings every entry back under a new epoch and keeps what was there', async () => {
    const folder = newFolder();
    const file = join(newFolder(), 'backup.sqlite');
    const ledger = open(folder);
    await ledger.append('pos', [sale('a'), sale('b')]);
    expect(await backupLedger(folder, file)).toMatchObject({ whole: true, entries: 2 });
    await ledger.append('pos', [sale('c')]);
    ledger.close();
    const restored = await restoreLedger(file, folder, '20260302');
    expect(restored).toMatchObject({ epoch: 2, entries: 2 });
    expect(existsSync(restored.replaced ?? '')).toBe(true);
    using again = open(folder);
    expect(again.identity).toMatchObject({ epoch: 2, device: 'till-pc' });
    const [next] = await again.append('pos', [sale('d')]);
    expect(next).toMatchObject({ status: 'stored', entry: { seq: 3, epoch: 2 } });
  });
});

describe("a start's lineage", () => {
  it('lets the hub tell a restart from a copied folder', () => {
    const folder = newFolder();
    const start = (): readonly string[] => {
      using ledger = open(folder);
      return ledger.identity.lineage;
    };
    const confirmed = open(folder);
    confirmed.confirmStart();
    const known = confirmed.identity.start;
    confirmed.close();
    start();
    expect(start()).toContain(known);
    const original = open(folder);
    original.confirmStart();
    expect(original.identity.lineage).not.toContain(known);
    original.close();
  });
});
