import { appendFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FeedObservation } from '@truecount/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFeed } from '../create-feed.ts';
import type { FeedEvent } from '../events.ts';
import type { Feed, FeedDeps } from '../feed.ts';
import { parseFeedConfig } from '../config.ts';

let folder = '';
let inbox = '';
let stateFolder = '';
const feeds: Feed[] = [];
/** What the ledger would hold: one observation per key. */
let ledger: Map<string, FeedObservation>;
let events: FeedEvent[];

const until = (check: () => void) => vi.waitFor(check, { timeout: 15_000, interval: 10 });
const line = (sku: string, qty = 1) =>
  JSON.stringify({ type: 'sale', t: '2026-03-02T09:14:03.120Z', sku, qty });
const skus = () =>
  Array.from(ledger.values(), ({ observation }) => ('sku' in observation ? observation.sku : ''));

function start(more: Record<string, unknown> = {}, deps: Partial<FeedDeps> = {}): Feed {
  const parsed = parseFeedConfig({ kind: 'ndjson', name: 'history', folder: inbox, ...more });
  if (!parsed.ok) throw new Error(parsed.problem);
  const feed = createFeed(parsed.value, {
    sink: (batch) => {
      for (const entry of batch) ledger.set(entry.id ?? entry.key ?? '', entry);
      return Promise.resolve();
    },
    onEvent: (event) => events.push(event),
    stateFolder,
    ...deps,
  });
  feeds.push(feed);
  void feed.start(new AbortController().signal);
  return feed;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'truecount-files-'));
  inbox = join(folder, 'inbox');
  stateFolder = join(folder, 'state');
  await mkdir(inbox);
  ledger = new Map();
  events = [];
});
afterEach(async () => {
  await Promise.all(feeds.splice(0).map((feed) => feed.close()));
  await rm(folder, { recursive: true, force: true });
});

describe('an NDJSON feed', () => {
  it('reads the files of a folder in order and follows the ones that grow', async () => {
    await writeFile(join(inbox, 'b.ndjson'), `${line('b1')}\n`);
    await writeFile(join(inbox, 'a.ndjson'), `${line('a1')}\n${line('a2')}\n`);
    const feed = start();
    await until(() => expect(skus()).toEqual(['a1', 'a2', 'b1']));
    await appendFile(join(inbox, 'b.ndjson'), line('b2').slice(0, 10));
    await appendFile(join(inbox, 'b.ndjson'), `${line('b2').slice(10)}\n`);
    await until(() => expect(skus()).toEqual(['a1', 'a2', 'b1', 'b2']));
    expect(feed.health()).toMatchObject({ state: 'up', observations: 4 });
  });

  it('names the line of what it refuses, and goes on', async () => {
    await writeFile(
      join(inbox, 'a.ndjson'),
      [line('a1'), 'not json', '', '{"type":"theft"}', line('a5', Number.NaN), line('a6')].join('\r\n'),
    );
    const feed = start();
    await until(() => expect(skus()).toEqual(['a1', 'a6']));
    expect(events).toMatchObject([
      { type: 'refused', line: 2, reason: expect.stringMatching(/a\.ndjson:2: not JSON/) },
      { type: 'refused', line: 4, reason: expect.stringMatching(/unknown type "theft"/) },
      { type: 'refused', line: 5, reason: expect.stringMatching(/qty/) },
    ]);
    expect(feed.health().errors).toMatchObject({ 'bad-line': 3 });
  });

  it('goes on where the sink had acknowledged, after a restart', async () => {
    await writeFile(join(inbox, 'a.ndjson'), `${line('a1')}\n${line('a2')}\n${line('a3').slice(0, 20)}`);
    const first = start();
    await until(() => expect(skus()).toEqual(['a1', 'a2']));
    await first.close();
    const before = ledger;
    ledger = new Map();
    await appendFile(join(inbox, 'a.ndjson'), `${line('a3').slice(20)}\n`);
    start();
    await until(() => expect(skus()).toEqual(['a3']));
    expect([...ledger.keys()][0]).toMatch(/\/3$/);
    expect([...before.keys()].every((key) => key.startsWith('a.ndjson/'))).toBe(true);
  });

  it('counts nothing twice when its own memory is lost', async () => {
    await writeFile(join(inbox, 'a.ndjson'), `${line('a1')}\n${line('a2')}\n`);
    await (async () => {
      const feed = start();
      await until(() => expect(ledger.size).toBe(2));
      await feed.close();
    })();
    await writeFile(join(stateFolder, 'history.offsets.json'), '{"broken":');
    const feed = start();
    await until(() => expect(feed.health().observations).toBe(2));
    expect(ledger.size).toBe(2);
    expect(feed.health().errors).toMatchObject({ 'offsets-unreadable': 1 });
  });

  it('does not acknowledge what the sink has not committed', async () => {
    await writeFile(join(inbox, 'a.ndjson'), `${line('a1')}\n`);
    const refused = start({}, { sink: () => Promise.reject(new Error('disk full')) });
    await until(() => expect(refused.health().errors).toMatchObject({ 'sink-refused': 1 }));
    await refused.close();
    await expect(readFile(join(stateFolder, 'history.offsets.json'))).rejects.toThrow(/ENOENT/);
    start();
    await until(() => expect(skus()).toEqual(['a1']));
  });

  it('knows a renamed file again, and takes a new file under an old name as new', async () => {
    const log = join(inbox, 'till.ndjson');
    await writeFile(log, `${line('old1')}\n${line('old2')}\n`);
    const feed = start();
    await until(() => expect(skus()).toEqual(['old1', 'old2']));
    await rename(log, join(inbox, 'till.ndjson.1'));
    await writeFile(log, `${line('new1')}\n`);
    await until(() => expect(skus()).toEqual(['old1', 'old2', 'new1']));
    await appendFile(join(inbox, 'till.ndjson.1'), `${line('old3')}\n`);
    await until(() => expect(skus()).toEqual(['old1', 'old2', 'new1', 'old3']));
    expect(feed.health().observations).toBe(4);
  });

  it('starts again in a file that was emptied', async () => {
    const log = join(inbox, 'till.ndjson');
    await writeFile(log, `${line('one')}\n${line('two')}\n`);
    start();
    await until(() => expect(ledger.size).toBe(2));
    await writeFile(log, `${line('three')}\n`);
    await until(() => expect(skus()).toEqual(['one', 'two', 'three']));
  });

  it('keeps the id an observation brings along', async () => {
    await writeFile(
      join(inbox, 'a.ndjson'),
      `${JSON.stringify({ ...JSON.parse(line('a1')), id: 'known-id' })}\n`,
    );
    start();
    await until(() => expect([...ledger.keys()]).toEqual(['known-id']));
  });

  it('takes a last line without a line end once the file has stopped growing, and once only', async () => {
    const log = join(inbox, 'a.ndjson');
    await writeFile(log, `${line('a1')}\n${line('a2')}`);
    const feed = start();
    await until(() => expect(skus()).toEqual(['a1', 'a2']));
    await appendFile(log, `\n${line('a3')}\n`);
    await until(() => expect(skus()).toEqual(['a1', 'a2', 'a3']));
    expect([...ledger.keys()].map((key) => key.split('/').at(-1))).toEqual(['1', '2', '3']);
    expect(feed.health().observations).toBe(3);
  });

  it('reports a line without end once and reads on behind it', async () => {
    await writeFile(join(inbox, 'a.ndjson'), `${'x'.repeat(5_000_000)}\n${line('a2')}\n`);
    start();
    await until(() => expect(skus()).toEqual(['a2']));
    expect(events).toMatchObject([{ type: 'refused', line: 1 }]);
    expect([...ledger.keys()][0]).toMatch(/\/2$/);
  });

  it('is down while its folder is missing, and starts when it appears', async () => {
    await rm(inbox, { recursive: true });
    const feed = start();
    await until(() =>
      expect(feed.health()).toMatchObject({ state: 'down', message: expect.stringMatching(/create it/) }),
    );
    await mkdir(inbox);
    await writeFile(join(inbox, 'a.ndjson'), `${line('a1')}\n`);
    await until(() => expect(skus()).toEqual(['a1']));
  });
});

describe('a POSLog feed', () => {
  const document = (ticket: number) =>
    `<POSLog><Transaction><WorkstationID>3</WorkstationID><SequenceNumber>${ticket}</SequenceNumber>` +
    '<EndDateTime>2026-03-02T10:00:00</EndDateTime><RetailTransaction><LineItem><SequenceNumber>1</SequenceNumber>' +
    '<Sale><ItemID>A</ItemID><Quantity>1</Quantity><ExtendedAmount>2.00</ExtendedAmount></Sale></LineItem>' +
    '<Total TotalType="TransactionGrandAmount">2.00</Total></RetailTransaction></Transaction></POSLog>';

  it('reads documents dropped into its folder, once', async () => {
    await writeFile(join(inbox, '1.xml'), document(1));
    const first = start({ kind: 'poslog' });
    await until(() => expect([...ledger.keys()]).toEqual(['3//1/1']));
    await first.close();
    await writeFile(join(inbox, '2.xml'), document(2));
    const second = start({ kind: 'poslog' });
    await until(() => expect([...ledger.keys()]).toEqual(['3//1/1', '3//2/1']));
    expect(second.health().observations).toBe(1);
  });
});

describe('feed settings', () => {
  it.each([
    [{ kind: 'ndjson', name: 'x' }, /exactly one/],
    [{ kind: 'ndjson', name: 'x', file: 'a', folder: 'b' }, /exactly one/],
    [{ kind: 'ndjson', name: 'x', port: { path: '/dev/ttyS0' } }, /file or a folder/],
    [{ kind: 'scanner', name: 'x', port: { baudRate: 9600 } }, /path, or a vendorId/],
    [{ kind: 'escpos', name: 'x', port: { path: 'a' }, timeZone: 'Mars/North' }, /IANA/],
    [{ kind: 'fax', name: 'x', file: 'a' }, /kind/],
    [{ kind: 'ndjson', name: 'Till 3', file: 'a' }, /name/],
    [{ kind: 'ndjson', name: 'x', file: 'a', speed: 1 }, /./],
  ])('%j are refused and say why', (config, problem) => {
    expect(parseFeedConfig(config)).toMatchObject({ ok: false, problem: expect.stringMatching(problem) });
  });

  it.each([
    [{ grammar: 'nothing' }, /no built-in grammar/],
    [{ codeTables: { 5: 'klingon' } }, /no character encoding/],
  ])('%j fail when the feed is made, not when the first receipt comes', (more, message) => {
    const parsed = parseFeedConfig({ kind: 'escpos', name: 'x', file: 'capture.bin', ...more });
    expect(parsed).toMatchObject({ ok: true });
    expect(() => start({ kind: 'escpos', ...more })).toThrow(message);
  });
});
