/** The whole path of a serial feed on real pseudo-terminals: what a cable can do to it, done to it. */
import { mkdtemp, rm, symlink, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FeedObservation } from '@truecount/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFeed } from '../create-feed.ts';
import type { FeedEvent } from '../events.ts';
import type { Feed, FeedDeps } from '../feed.ts';
import { parseFeedConfig } from '../config.ts';
import { PortLink } from './port-link.ts';
import { hasPseudoTerminals, openPseudoTerminal, type PseudoTerminal } from './pseudo-terminal.ts';
import { SerialSource, type SourceEvent } from './serial-source.ts';

const available = hasPseudoTerminals();
if (!available && process.env['CI'])
  throw new Error('pseudo-terminals (@lydell/node-pty) are needed to test serial feeds');
const CYCLES = Number(process.env['TRUECOUNT_PORT_CYCLES'] ?? 2000);
const LINE = { baudRate: 9600, dataBits: 8, stopBits: 1, parity: 'none' } as const;
const bytes = (text: string) => Buffer.from(text, 'latin1');
const receipt = (ticket: number) =>
  bytes(`\x1b@Ticket ${ticket} Till 3\n4006381333931\n2 x Oat drink 3.98\nTOTAL 3.98\n\x1dV\x00`);

const terminals: PseudoTerminal[] = [];
const feeds: Feed[] = [];
let folder = '';

function plugIn(): PseudoTerminal {
  const terminal = openPseudoTerminal();
  terminals.push(terminal);
  return terminal;
}

interface Started {
  readonly feed: Feed;
  readonly committed: FeedObservation[];
  readonly events: FeedEvent[];
}

function start(config: unknown, deps: Partial<FeedDeps> = {}): Started {
  const parsed = parseFeedConfig(config);
  if (!parsed.ok) throw new Error(parsed.problem);
  const committed: FeedObservation[] = [];
  const events: FeedEvent[] = [];
  const feed = createFeed(parsed.value, {
    sink: (batch) => {
      committed.push(...batch);
      return Promise.resolve();
    },
    onEvent: (event) => events.push(event),
    ...deps,
  });
  feeds.push(feed);
  void feed.start(new AbortController().signal);
  return { feed, committed, events };
}

const soon = { timeout: 15_000, interval: 10 };
const until = (check: () => void | Promise<void>) => vi.waitFor(check, soon);
const isUp = (feed: Feed) => until(() => expect(feed.health().state).toBe('up'));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'truecount-serial-'));
});
afterEach(async () => {
  await Promise.all(feeds.splice(0).map((feed) => feed.close()));
  for (const terminal of terminals.splice(0)) terminal.close();
  await rm(folder, { recursive: true, force: true });
});

describe.skipIf(!available)('a serial feed on a pseudo-terminal (needs @lydell/node-pty)', () => {
  it('turns a receipt into observations, acknowledged by the sink', async () => {
    const till = plugIn();
    const { feed, committed, events } = start({ kind: 'escpos', name: 'till-3', port: { path: till.path } });
    await isUp(feed);
    await till.write(receipt(1043));
    await until(() => expect(committed).toHaveLength(1));
    expect(committed).toMatchObject([
      {
        observation: { type: 'sale', sku: '4006381333931', qty: 2, till: '3', ticket: '1043', line: 1 },
        key: '3/1043/1',
        source: 'ticket 1043 line 1',
      },
    ]);
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'ticket', ticket: '1043', balanced: true }),
    );
    expect(feed.health()).toMatchObject({ state: 'up', observations: 1, bytes: receipt(1043).length });
  });

  it('passes every byte as it is, control characters and all', async () => {
    const till = plugIn();
    const link = await PortLink.open(till.path, LINE);
    const all = Uint8Array.from({ length: 256 }, (_, at) => at);
    await till.write(all);
    const got: number[] = [];
    await until(async () => {
      const received = await link.receive(50);
      if (received.kind === 'bytes') got.push(...received.bytes);
      expect(got).toEqual([...all]);
    });
    await link.close();
  });

  it('comes back after the cable was cut in the middle of a ticket', async () => {
    const path = join(folder, 'till');
    const first = plugIn();
    await symlink(first.path, path);
    const { feed, committed } = start({ kind: 'escpos', name: 'till-3', port: { path } });
    await isUp(feed);
    await first.write(receipt(1).subarray(0, 20));
    await until(() => expect(feed.health().bytes).toBe(20));
    first.close();
    await until(() => expect(feed.health()).toMatchObject({ state: 'down', errors: { 'port-lost': 1 } }));
    expect(feed.health().message).toMatch(/lost|gone/);
    const second = plugIn();
    await unlink(path);
    await symlink(second.path, path);
    await isUp(feed);
    await second.write(receipt(1).subarray(20));
    await second.write(receipt(2));
    await until(() => expect(committed.map(({ key }) => key)).toContain('3/2/1'));
  });

  it('follows a device that comes back under another name', async () => {
    const first = plugIn();
    let current = first.path;
    const listPorts = () =>
      Promise.resolve([{ path: current, vendorId: '04b8', productId: '0202', serialNumber: 'X' }]);
    const { feed, events } = start(
      { kind: 'scanner', name: 'scanner-1', port: { vendorId: '04B8', productId: '0202' } },
      { listPorts },
    );
    await isUp(feed);
    const second = plugIn();
    current = second.path;
    first.close();
    await until(() => expect(feed.health().errors['port-lost']).toBe(1));
    await isUp(feed);
    await second.write(bytes('4006381333931\r\n'));
    await until(() =>
      expect(events).toContainEqual(expect.objectContaining({ type: 'scan', gtin: '04006381333931' })),
    );
  });

  it('waits for a port that is not there, and says so', async () => {
    const path = join(folder, 'later');
    const { feed } = start({ kind: 'scanner', name: 'scanner-1', port: { path } });
    await until(() => expect(feed.health().errors['open-failed']).toBeGreaterThan(0));
    expect(feed.health()).toMatchObject({
      state: 'down',
      message: expect.stringMatching(/cannot be opened/),
    });
    const terminal = plugIn();
    await symlink(terminal.path, path);
    await isUp(feed);
  });

  it('reports half a scan when no more comes, and reads the next', async () => {
    const scanner = plugIn();
    const { feed, events } = start({ kind: 'scanner', name: 'scanner-1', port: { path: scanner.path } });
    await isUp(feed);
    await scanner.write(bytes('40063'));
    await until(() =>
      expect(events).toMatchObject([{ type: 'refused', reason: expect.stringMatching(/half a scan/) }]),
    );
    await scanner.write(bytes('4006381333931\r'));
    await until(() => expect(events.at(-1)).toMatchObject({ type: 'scan' }));
  });

  it('is garbled at a wrong baud rate and recovers by itself', async () => {
    const scanner = plugIn();
    const { feed, events } = start({ kind: 'scanner', name: 'scanner-1', port: { path: scanner.path } });
    await isUp(feed);
    const noise = Uint8Array.from({ length: 600 }, (_, at) =>
      at % 20 === 0 ? 0x0d : 0x80 + ((at * 37) % 0x1f),
    );
    await scanner.write(noise);
    await until(() =>
      expect(feed.health()).toMatchObject({ state: 'garbled', message: expect.stringMatching(/baud/) }),
    );
    for (let sent = 0; sent < 20; sent++) await scanner.write(bytes('4006381333931\r\n'));
    await until(() => expect(feed.health().state).toBe('up'));
    expect(events.filter(({ type }) => type === 'scan').length).toBeGreaterThanOrEqual(19);
  });

  it('is silent when nothing comes for long, and up again with the first byte', async () => {
    const scanner = plugIn();
    const states: string[] = [];
    const { feed } = start(
      { kind: 'scanner', name: 'scanner-1', port: { path: scanner.path }, silenceAfterMs: 1000 },
      { onHealth: ({ state }) => states.push(state) },
    );
    await until(() => expect(states).toEqual(['up', 'silent']));
    await until(async () => {
      await scanner.write(bytes('4006381333931\r\n'));
      expect(feed.health().state).toBe('up');
    });
  });

  it('offers observations again until the sink takes them, and reads no further meanwhile', async () => {
    const till = plugIn();
    let refusals = 2;
    const committed: string[] = [];
    const { feed } = start(
      { kind: 'escpos', name: 'till-3', port: { path: till.path } },
      {
        sink: (batch) => {
          if (refusals-- > 0) return Promise.reject(new Error('disk full'));
          committed.push(...batch.map(({ key }) => key ?? ''));
          return Promise.resolve();
        },
      },
    );
    await isUp(feed);
    await till.write(receipt(1));
    await till.write(receipt(2));
    await until(() => expect(committed).toEqual(['3/1/1', '3/2/1']));
    expect(feed.health().errors).toMatchObject({ 'sink-refused': 2 });
  });

  it('delivers what it has read when it is closed', async () => {
    const till = plugIn();
    const { feed, committed } = start({ kind: 'escpos', name: 'till-3', port: { path: till.path } });
    await isUp(feed);
    await till.write(receipt(1).subarray(0, -3));
    await until(() => expect(feed.health().bytes).toBe(receipt(1).length - 3));
    await feed.close();
    expect(committed).toMatchObject([{ key: '3/1/1' }]);
    expect(feed.health()).toMatchObject({ state: 'down', message: 'stopped' });
  });

  it(`opens and closes ${CYCLES} times without losing the port or a descriptor`, {
    timeout: 600_000,
  }, async () => {
    const terminal = plugIn();
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      const link = await PortLink.open(terminal.path, LINE);
      await link.close();
    }
    const link = await PortLink.open(terminal.path, LINE);
    await terminal.write(bytes('still here'));
    expect(await link.receive(5000)).toMatchObject({ kind: 'bytes' });
    await link.close();
  });

  it('reopens a port that stays silent, because a replugged one may be dead without an error', async () => {
    const terminal = plugIn();
    const source = new SerialSource({
      port: { path: terminal.path },
      line: LINE,
      listPorts: () => Promise.resolve([]),
      quietMs: 10,
      checkMs: 10,
      reopenAfterMs: 30,
    });
    const seen: SourceEvent['kind'][] = [];
    const stop = new AbortController();
    for await (const event of source.events(stop.signal)) {
      seen.push(event.kind);
      if (seen.filter((kind) => kind === 'open').length === 2) stop.abort();
    }
    expect(seen).not.toContain('lost');
    expect(seen.filter((kind) => kind === 'open')).toHaveLength(2);
  });
});
