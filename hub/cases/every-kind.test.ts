import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Exception, type ExceptionKind, exceptionKinds, instant, taxonomy } from '@truecount/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { anException } from '../../test/builders/documents.ts';
import {
  HOUR_MS,
  openTrialEngine,
  positionOf,
  START,
  type TrialEngine,
} from '../../test/servers/trial-engine.ts';
import { readRecordedEvents } from '../connectors/index.ts';
import { type Database, openDatabase } from '../database/index.ts';
import defaultPolicy from '../governance/policies/default.json' with { type: 'json' };

const SKU = '4001';
const dear = { price: { minor: 4900, currency: 'EUR' }, cost: { minor: 2000, currency: 'EUR' } };
const at = (hours: number): string => instant(START + hours * HOUR_MS);
const place = { store: 'harbour', sku: SKU };
const order = (id: string, qty: number) => ({
  type: 'order',
  order: {
    id,
    store: 'harbour',
    token: id,
    serviceClass: 'collect',
    promisedAt: at(90),
    lines: [{ sku: SKU, qty }],
  },
  at: at(0),
});

interface Story {
  /** What other systems say, as lines of their files. */
  readonly ports?: readonly object[];
  /** What the store says afterwards. */
  readonly store?: Partial<Exception>;
  /** Hours until the hub looks at its books. */
  readonly hours?: number;
  /** Units believed at Harbour, then and after the ports have spoken. */
  readonly units?: readonly [number, number];
  /** Answers that have to be among the scored ones. */
  readonly answers: readonly string[];
}

const short = (found: number) => [
  { code: 'pick-short', params: { requested: 2, found }, at: at(0), text: `${found} of 2 found` },
];

const stories: Readonly<Record<ExceptionKind, Story>> = {
  'phantom-stock': { store: {}, answers: ['count', 'adjust-record'] },
  'hidden-stock': { store: {}, answers: ['count', 'adjust-record'] },
  'negative-record': { store: {}, answers: ['count', 'adjust-record'] },
  'shelf-gap': { store: {}, answers: ['restock', 'count'] },
  'stockout-ahead': { store: {}, units: [1, 1], answers: ['transfer', 'count'] },
  'pick-failed': {
    ports: [order('web-1', 2)],
    store: { order: 'web-1', evidence: short(0) },
    answers: ['reassign', 'delay'],
  },
  'receipt-mismatch': { store: {}, answers: ['claim', 'count'] },
  'feed-silent': { store: { feed: 'till-1' }, answers: ['check-feed'] },
  'model-drift': { store: {}, answers: ['retrain'] },
  'transfer-failed': { store: { transfer: 't-9' }, units: [1, 1], answers: ['transfer', 'count'] },
  'return-unreconciled': {
    ports: [{ type: 'return', id: 'r1', ...place, qty: 1, minor: 4900, fact: 'refunded', at: at(0) }],
    hours: 50,
    answers: ['reconcile'],
  },
  'reservation-mismatch': {
    ports: [
      order('web-2', 2),
      { type: 'reservation', order: 'web-2', ...place, qty: 0, expiresAt: at(90), at: at(1) },
    ],
    answers: ['reassign', 'delay'],
  },
  'allocation-conflict': {
    ports: [order('web-3', 4)],
    units: [9, 2],
    answers: ['reassign', 'delay'],
  },
  'oversell-risk': {
    ports: [{ type: 'published', ...place, channel: 'web', qty: 40, at: at(0) }],
    answers: ['quarantine'],
  },
  'late-inbound': {
    ports: [
      {
        type: 'promotion',
        id: 'spring',
        ...place,
        minor: 3900,
        startsAt: at(-9),
        endsAt: at(99),
        uplift: 2,
        at: at(0),
      },
      { type: 'inbound', id: 'd1', ...place, qty: 24, plannedAt: at(4), expectedAt: at(40), at: at(0) },
    ],
    answers: ['expedite'],
  },
  'order-at-risk': { ports: [order('web-4', 30)], answers: ['delay'] },
};

// Scoring and grouping are the same on every database; what differs between them is tested where it matters.
describe('every kind of exception', () => {
  let database: Database;
  let hub: TrialEngine;
  let folder: string;
  beforeAll(async () => {
    database = await openDatabase({});
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'truecount-kinds-'));
    const tiers = [{ kind: '*', option: '*', tier: 'recommend' }];
    hub = await openTrialEngine(database, { policy: { chain: { ...defaultPolicy.chain, tiers } } });
  });
  afterEach(async () => {
    await hub.close();
    rmSync(folder, { recursive: true });
  });
  const believe = (units: number): Promise<void> =>
    hub.says(
      'positions',
      { ...positionOf('harbour', SKU, { mean: units, p0: 0.001, rate: 3 }), ...dear },
      { ...positionOf('market', SKU, { mean: 30, p0: 0.0001, rate: 0.5 }), ...dear },
      { ...positionOf('station', SKU, { mean: 9, p0: 0.0001, rate: 0.5 }), ...dear },
    );

  const happens = async (kind: ExceptionKind): Promise<void> => {
    const { ports = [], store, hours = 1, units: [before, after] = [9, 9] } = stories[kind];
    await believe(before);
    writeFileSync(join(folder, 'events.ndjson'), ports.map((event) => `${JSON.stringify(event)}\n`).join(''));
    const read = await readRecordedEvents({
      folder,
      database,
      note: hub.engine.noteEvents.bind(hub.engine),
      onProblem: (text) => {
        throw new Error(text);
      },
    });
    expect(read).toBe(ports.length);
    if (after !== before) await believe(after);
    if (store) {
      const { sku, ...rest } = anException({ id: 'e', store: 'harbour', kind, ...store });
      const isAboutProduct = kind !== 'feed-silent' && kind !== 'model-drift';
      await hub.says('exceptions', isAboutProduct && sku !== undefined ? { ...rest, sku } : rest);
    }
    hub.clock.nowMs += hours * HOUR_MS;
    await hub.engine.check();
    await hub.engine.settle();
    await hub.engine.check();
    await hub.engine.settle();
  };

  for (const kind of exceptionKinds)
    it(`becomes one case with scored answers: ${kind}`, async () => {
      await happens(kind);
      const { case: row, options, timeline } = await hub.onlyCase(kind);
      expect(row.store).toBe('harbour');
      expect(timeline.length).toBeGreaterThan(0);
      expect(options.map(({ option }) => option)).toEqual(expect.arrayContaining([...stories[kind].answers]));
      for (const { expected, spread, successProbability, terms, steps } of options) {
        expect(terms.reduce((sum, { minor }) => sum + minor, 0)).toBe(expected.minor);
        expect(spread.minor).toBeGreaterThanOrEqual(0);
        expect(successProbability).toBeGreaterThanOrEqual(0);
        expect(successProbability).toBeLessThanOrEqual(1);
        expect(steps.length).toBeGreaterThan(0);
      }
      expect(taxonomy[kind].dueHours).toBeGreaterThan(0);
      expect(await hub.verify()).toMatchObject({ ok: true });
    });
});
