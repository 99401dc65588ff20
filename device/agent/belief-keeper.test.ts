import fc from 'fast-check';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { instant, type LedgerEntry, type Observation } from '@truecount/protocol';
import { createBelief, type Position } from '../belief/index.ts';
import { Ledger } from '../ledger/index.ts';
import { BeliefKeeper } from './belief-keeper.ts';
import { DAY_MS, HOUR_MS, NOON_MS, smallStoreHistory } from './store-under-test.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

interface Kept {
  readonly folder: string;
  readonly ledger: Ledger;
  readonly keeper: BeliefKeeper;
  readonly folded: LedgerEntry[];
}

async function keep(folder = mkdtempSync(join(tmpdir(), 'keeper-'))): Promise<Kept> {
  folders.push(folder);
  const ledger = new Ledger({ folder, store: 'harbour', now: () => NOON_MS });
  const folded: LedgerEntry[] = [];
  const snapshotPath = join(folder, 'snapshot');
  const keeper = new BeliefKeeper({
    ledger,
    snapshotPath,
    version: 'test',
    onFolded: (entry) => folded.push(entry),
  });
  await keeper.start();
  return { folder, ledger, keeper, folded };
}

const append = (ledger: Ledger, observations: readonly Observation[]) =>
  ledger.append(
    'test',
    observations.map((observation) => ({ observation })),
  );

/** What a belief says that heard everything in the order in which it happened. */
function inOrder(
  observations: readonly Observation[],
  untilMs: number,
): (sku: string) => Position | undefined {
  const belief = createBelief();
  for (const observation of [...observations].sort((a, b) => a.t.localeCompare(b.t)))
    belief.observe(observation);
  belief.advance(instant(untilMs));
  return (sku) => belief.position(sku);
}

const history = smallStoreHistory({ sku: 'oat', fromMs: NOON_MS - 4 * DAY_MS });

describe('the kept belief', () => {
  it('is the same after a restart, from the snapshot and the tail', async () => {
    const first = await keep();
    const middle = Math.floor(history.length * 0.8);
    await append(first.ledger, history.slice(0, middle));
    await first.keeper.catchUp();
    first.keeper.save();
    await append(first.ledger, history.slice(middle));
    first.ledger.close();
    const again = await keep(first.folder);
    await again.keeper.advance(NOON_MS);
    const expected = inOrder(history, NOON_MS);
    for (const sku of ['oat', 'milk']) expect(again.keeper.belief.position(sku)).toEqual(expected(sku));
    again.ledger.close();
  });

  it('is not written again while nothing is heard, and is after an hour or an entry', async () => {
    const { folder, ledger, keeper } = await keep();
    const file = () => statSync(join(folder, 'snapshot')).ino;
    await append(ledger, history);
    await keeper.catchUp();
    await keeper.advance(NOON_MS);
    keeper.save();
    const first = file();

    await keeper.advance(NOON_MS + HOUR_MS / 2);
    keeper.save();
    expect(file()).toBe(first);

    await keeper.advance(NOON_MS + HOUR_MS);
    keeper.save();
    const hourLater = file();
    expect(hourLater).not.toBe(first);

    await append(ledger, [{ type: 'seen', t: instant(NOON_MS + HOUR_MS), sku: 'oat' }]);
    await keeper.catchUp();
    keeper.save();
    expect(file()).not.toBe(hourLater);
  });

  it('does not use a snapshot of another journal', async () => {
    const first = await keep();
    await append(first.ledger, history);
    await first.keeper.catchUp();
    first.keeper.save();
    first.ledger.close();
    rmSync(join(first.folder, 'ledger.sqlite'));
    const again = await keep(first.folder);
    expect(again.keeper.belief.skus()).toEqual([]);
    again.ledger.close();
  });

  it('folds an imported history in its own order, also after the present was heard', async () => {
    const { ledger, keeper, folded } = await keep();
    const now: Observation = { type: 'sale', t: instant(NOON_MS - 60_000), sku: 'milk', qty: 1 };
    await append(ledger, [now]);
    await keeper.catchUp();
    keeper.hold();
    await append(ledger, history.toReversed());
    await keeper.catchUp();
    expect(keeper.belief.skus()).toEqual(['milk']);
    await keeper.release();
    await keeper.advance(NOON_MS);
    const expected = inOrder([...history, now], NOON_MS);
    for (const sku of ['oat', 'milk', 'tea']) {
      const { pmf: _a, ...position } = keeper.belief.position(sku) ?? { pmf: [] };
      const { pmf: _b, ...wanted } = expected(sku) ?? { pmf: [] };
      expect(position).toEqual(wanted);
    }
    expect(folded).toHaveLength(history.length + 1);
    ledger.close();
  });

  it('ends as if an entry that was taken back had never been written, whenever that was', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 200 }),
        fc.integer({ min: 0, max: 60 }),
        fc.boolean(),
        async (hoursAgo, qty, isSaved) => {
          const { ledger, keeper } = await keep();
          const countMs = NOON_MS - hoursAgo * HOUR_MS - 30_000;
          const before = history.filter(({ t }) => Date.parse(t) < countMs);
          await append(ledger, before);
          const id = 'mistake';
          await ledger.append('kiosk', [
            { id, observation: { type: 'count', t: instant(countMs), sku: 'milk', qty } },
          ]);
          await keeper.catchUp();
          if (isSaved) keeper.save();
          await append(ledger, history.slice(before.length));
          await keeper.catchUp();
          await keeper.advance(NOON_MS);
          const correction = { type: 'record', t: instant(NOON_MS), sku: 'milk', qty: 1 } as const;
          await ledger.append('kiosk', [{ corrects: id, observation: correction }]);
          await keeper.catchUp();
          const entry = ledger.find(id);
          if (entry !== undefined) await keeper.takeBack(entry);
          const expected = inOrder(history, NOON_MS)('milk');
          expect(keeper.belief.position('milk')?.record).toBe(expected?.record);
          expect(keeper.belief.position('milk')?.confidence).toBeCloseTo(expected?.confidence ?? -1, 9);
          ledger.close();
        },
      ),
      { numRuns: 8 },
    );
  });
});
