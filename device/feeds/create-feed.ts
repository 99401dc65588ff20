/** Builds a feed from its settings. Nothing is opened before `start`. */
import { join } from 'node:path';
import type { FeedConfig } from './config.ts';
import { createDecoder, FeedConfigError } from './create-decoder.ts';
import { Delivery } from './delivery.ts';
import type { Decoder } from './events.ts';
import type { Feed, FeedDeps } from './feed.ts';
import { FileFeed } from './file/file-feed.ts';
import type { MakeDecoder } from './file/file-tail.ts';
import { ndjsonDecoder } from './file/ndjson-decoder.ts';
import { HealthTracker } from './health-tracker.ts';
import { withSightings } from './seen-scans.ts';
import { listPorts } from './serial/list-ports.ts';
import { SerialSource } from './serial/serial-source.ts';
import { StreamFeed } from './stream-feed.ts';

const DEFAULT_BAUD_RATE = 9600;
/** Longer than the gaps inside one scan, weight or receipt line at the slowest baud rate in use. */
const QUIET_MS = 1000;
const CHECK_MS = 5000;
const POLL_MS = 2000;
/** A silent port is reopened this often when the settings name no silence. */
const DEFAULT_REOPEN_AFTER_MS = 15 * 60_000;
/** A ticket printed longer ago than this has a wrong clock. */
const MAX_TICKET_AGE_MS = 31 * 24 * 3_600_000;

/** Share of senseless bytes above which the line is garbled: printers send none, codes and weights may be wrong. */
const garbledAbove: Readonly<Record<FeedConfig['kind'], number>> = {
  escpos: 0.02,
  scanner: 0.3,
  scale: 0.5,
  poslog: 0.5,
  ndjson: 0.5,
};

/** @throws FeedConfigError when a grammar or an encoding in the settings is wrong */
export function createFeed(config: FeedConfig, deps: FeedDeps): Feed {
  const { sink, onEvent, onHealth, now = Date.now } = deps;
  const { name, kind, silenceAfterMs } = config;
  const health = new HealthTracker({
    name,
    kind,
    now,
    silenceAfterMs,
    garbledAbove: garbledAbove[kind],
    ...(onHealth ? { onChange: onHealth } : {}),
  });
  const delivery = new Delivery({ feed: name, sink, health, ...(onEvent ? { onEvent } : {}) });
  if (config.port === undefined) return fileFeed(config, deps, { health, delivery });
  const { baudRate = DEFAULT_BAUD_RATE, dataBits = 8, stopBits = 1, parity = 'none', ...port } = config.port;
  const source = new SerialSource({
    port,
    line: { baudRate, dataBits, stopBits, parity },
    listPorts: deps.listPorts ?? listPorts,
    quietMs: QUIET_MS,
    checkMs: Math.min(CHECK_MS, silenceAfterMs ?? CHECK_MS),
    reopenAfterMs: silenceAfterMs ?? DEFAULT_REOPEN_AFTER_MS,
  });
  return new StreamFeed({ name, source, decoder: decoderOf(config, deps, now), delivery, health });
}

function fileFeed(
  config: FeedConfig,
  deps: FeedDeps,
  { health, delivery }: { readonly health: HealthTracker; readonly delivery: Delivery },
): Feed {
  const { name, file, folder, kind } = config;
  const target = file === undefined ? folder : file;
  if (target === undefined) throw new FeedConfigError(`feed ${name}: give a port, a file or a folder`);
  const now = deps.now ?? Date.now;
  const makeDecoder: MakeDecoder =
    kind === 'ndjson'
      ? { kind: 'lines', make: ndjsonDecoder }
      : { kind: 'document', make: () => decoderOf(config, deps, now) };
  // Settings are checked now, not when the first file appears.
  if (makeDecoder.kind === 'document') makeDecoder.make();
  return new FileFeed({
    name,
    target: file === undefined ? { folder: target } : { file: target },
    makeDecoder,
    offsetsFile: deps.stateFolder === undefined ? undefined : join(deps.stateFolder, `${name}.offsets.json`),
    pollMs: POLL_MS,
    delivery,
    health,
  });
}

function decoderOf(config: FeedConfig, deps: FeedDeps, now: () => number): Decoder {
  const { kind, observeScans, port: _port, file: _file, folder: _folder, ...settings } = config;
  if (kind === 'ndjson') throw new FeedConfigError('an ndjson feed reads a file or a folder');
  const { skuOf, lastTicket } = deps;
  const decoder = createDecoder(
    { ...settings, kind, maxAgeMs: MAX_TICKET_AGE_MS },
    { now, ...(skuOf ? { skuOf } : {}), ...(lastTicket ? { lastTicket } : {}) },
  );
  return observeScans && skuOf ? withSightings(decoder, skuOf, now) : decoder;
}
