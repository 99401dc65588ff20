import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instant } from '@truecount/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeOnEachDatabase } from '../../test/servers/databases.ts';
import {
  HOUR_MS,
  openTrialEngine,
  positionOf,
  START,
  type TrialEngine,
} from '../../test/servers/trial-engine.ts';
import type { Database } from '../database/index.ts';
import defaultPolicy from '../governance/policies/default.json' with { type: 'json' };
import { readRecordedEvents } from './recorded-events.ts';

const FACTS = ['received', 'restocked', 'refunded', 'posted'] as const;
const permutations = <T>(items: readonly T[]): readonly (readonly T[])[] =>
  items.length <= 1
    ? [items]
    : items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));

describeOnEachDatabase('events of other systems', (openEmpty) => {
  let database: Database;
  let hub: TrialEngine;
  let folder: string;
  let problems: string[];
  beforeAll(async () => {
    database = await openEmpty();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    hub = await openTrialEngine(database);
    folder = mkdtempSync(join(tmpdir(), 'truecount-events-'));
    problems = [];
  });
  afterEach(async () => {
    await hub.close();
    rmSync(folder, { recursive: true });
  });
  const write = (...events: readonly object[]): void =>
    appendFileSync(
      join(folder, 'events.ndjson'),
      events.map((event) => `${JSON.stringify(event)}\n`).join(''),
    );
  const read = (): Promise<number> =>
    readRecordedEvents({
      folder,
      database,
      note: hub.engine.noteEvents.bind(hub.engine),
      onProblem: (text) => problems.push(text),
    });
  const look = async (): Promise<void> => {
    await hub.engine.check();
    await hub.engine.settle();
  };
  const returned = (id: string, fact: string, hours: number) => ({
    type: 'return',
    id,
    store: 'harbour',
    sku: '4001',
    qty: 1,
    minor: 239,
    fact,
    at: instant(START + hours * HOUR_MS),
  });

  it('are read once, whole lines only, and bad lines are named and skipped', async () => {
    write(returned('r1', 'received', 0), { type: 'return' });
    appendFileSync(join(folder, 'events.ndjson'), 'nonsense\n{"type":"ret');
    expect(await read()).toBe(1);
    expect(await read()).toBe(0);
    expect(problems).toHaveLength(2);
    expect(await database.query('SELECT id FROM returns')).toEqual([{ id: 'r1' }]);
  });

  it('reconcile a return in each of the 24 orders in which its facts can come', async () => {
    for (const [at, order] of permutations(FACTS).entries())
      write(...order.map((fact, hour) => returned(`r${at}`, fact, hour)));
    expect(await read()).toBe(96);
    hub.clock.nowMs += 100 * HOUR_MS;
    await look();
    expect(await hub.cases()).toEqual([]);
  });

  it('open exactly one case for a return that stays half done, and end it when the rest comes', async () => {
    write(returned('r1', 'refunded', 0), returned('r1', 'received', 2), returned('r2', 'posted', 1));
    await read();
    hub.clock.nowMs += 49.5 * HOUR_MS;
    await look();
    await look();
    const found = await hub.cases();
    expect(found.map(({ kind }) => kind)).toEqual(['return-unreconciled', 'return-unreconciled']);
    write(returned('r1', 'restocked', 60), returned('r1', 'posted', 61));
    await read();
    await look();
    expect((await hub.cases()).map(({ state }) => state).sort()).toEqual(['observing', 'resolved']);
  });

  it('take too much off the shelf of the web shop, and the carrier is only asked when somebody agrees', async () => {
    await hub.close();
    const automation = { ...defaultPolicy.chain.automation, asks: ['quarantine'] };
    hub = await openTrialEngine(database, { policy: { chain: { ...defaultPolicy.chain, automation } } });
    await hub.says('positions', positionOf('harbour', '4001', { mean: 4, p0: 0.02, rate: 1 }));
    const late = { plannedAt: instant(START), expectedAt: instant(START + 30 * HOUR_MS), at: instant(START) };
    write(
      { type: 'published', store: 'harbour', sku: '4001', channel: 'web', qty: 9, at: instant(START) },
      { type: 'inbound', id: 'd1', store: 'harbour', sku: '4001', qty: 24, ...late },
    );
    await read();
    await look();
    expect((await hub.onlyCase('oversell-risk')).case.state).toBe('acting');
    expect(hub.delivered).toMatchObject([{ port: 'commerce', what: 'expose 2' }]);
    expect((await hub.onlyCase('late-inbound')).case.state).toBe('proposed');
    write({
      type: 'published',
      store: 'harbour',
      sku: '4001',
      channel: 'web',
      qty: 2,
      at: instant(START + 1),
    });
    write({
      type: 'inbound',
      id: 'd1',
      store: 'harbour',
      sku: '4001',
      qty: 24,
      ...late,
      arrived: true,
      at: instant(START + 1),
    });
    await read();
    await look();
    expect((await hub.cases()).map(({ state }) => state)).toEqual(['resolved', 'resolved']);
  });
});
