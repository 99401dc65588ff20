/**
 * Watches a file, or the files of a folder in order of their names, and reads what is added to them.
 *
 * Looks when the system reports a change and, because such reports get lost (network drives, full queues), every
 * `pollMs` in any case. A file that cannot be read is counted and tried again; the others go on.
 */
import { statSync, watch } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FeedHealth } from '@truecount/protocol';
import type { Delivery } from '../delivery.ts';
import type { Feed } from '../feed.ts';
import type { HealthTracker } from '../health-tracker.ts';
import { FileTail, type MakeDecoder } from './file-tail.ts';
import { Offsets } from './offsets.ts';

const MAX_FILES = 10_000;
/** Files kept open to more data; the least recently added one is forgotten (and resumed from its offset). */
const MAX_TAILS = 64;

export interface FileFeedParts {
  readonly name: string;
  readonly target: { readonly file: string } | { readonly folder: string };
  readonly makeDecoder: MakeDecoder;
  readonly offsetsFile: string | undefined;
  readonly pollMs: number;
  readonly delivery: Delivery;
  readonly health: HealthTracker;
}

export class FileFeed implements Feed {
  readonly #parts: FileFeedParts;
  readonly #closing = new AbortController();
  readonly #tails = new Map<string, FileTail>();
  readonly #sizes = new Map<string, string>();
  #running: Promise<void> | undefined;

  constructor(parts: FileFeedParts) {
    this.#parts = parts;
  }

  get name(): string {
    return this.#parts.name;
  }

  health(): FeedHealth {
    return this.#parts.health.snapshot();
  }

  start(signal: AbortSignal): Promise<void> {
    this.#running ??= this.#run(AbortSignal.any([signal, this.#closing.signal]));
    return this.#running;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { health, offsetsFile } = this.#parts;
    const { offsets, wasUnreadable } = await Offsets.load(offsetsFile);
    if (wasUnreadable) health.error('offsets-unreadable');
    while (!signal.aborted) {
      const change = this.#nextChange(signal);
      try {
        await this.#look(offsets, signal);
        await change.happened;
      } finally {
        change.stop();
      }
    }
    health.lost('stopped');
  }

  async #look(offsets: Offsets, signal: AbortSignal): Promise<void> {
    const { health } = this.#parts;
    const paths = await this.#paths();
    if (paths === undefined) return;
    health.connected();
    for (const path of paths) {
      if (signal.aborted) return;
      try {
        await this.#readNew(path, offsets, signal);
      } catch (error) {
        if (error instanceof Error && error.name === 'AbortError') return;
        health.error('file-unreadable');
        this.#tails.delete(path);
      }
    }
    health.refresh();
  }

  /** Two looks at an unchanged file settle its last line; after that it is left alone until it changes. */
  async #readNew(path: string, offsets: Offsets, signal: AbortSignal): Promise<void> {
    const { size, mtimeMs, ino } = await stat(path);
    const seen = `${ino}/${size}/${mtimeMs}`;
    if (this.#sizes.get(path) === `${seen} settled`) return;
    await this.#tail(path, offsets).advance(signal);
    this.#sizes.set(path, this.#sizes.get(path) === seen ? `${seen} settled` : seen);
  }

  #tail(path: string, offsets: Offsets): FileTail {
    const known = this.#tails.get(path);
    if (known) return known;
    const { makeDecoder, delivery, health } = this.#parts;
    const tail = new FileTail({
      path,
      makeDecoder,
      offsets,
      isGone: (other, inode) => statSync(other, { throwIfNoEntry: false })?.ino !== inode,
      deliver: async (events, decoder, bytes) => {
        if (bytes > 0) health.read(bytes);
        health.decoded(decoder);
        await delivery.deliver(events, this.#closing.signal);
      },
    });
    this.#tails.set(path, tail);
    const [oldest] = this.#tails.keys();
    if (this.#tails.size > MAX_TAILS && oldest !== undefined) this.#tails.delete(oldest);
    return tail;
  }

  async #paths(): Promise<readonly string[] | undefined> {
    const { target, health } = this.#parts;
    const path = 'file' in target ? target.file : target.folder;
    try {
      const found = await stat(path);
      if ('file' in target) return [path];
      if (!found.isDirectory()) throw new Error('not a folder');
      const entries = await readdir(path, { withFileTypes: true });
      const names = entries
        .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
        .map(({ name }) => name);
      return names
        .sort()
        .slice(0, MAX_FILES)
        .map((name) => join(path, name));
    } catch {
      health.error('target-absent');
      health.lost(`${path} is not there or cannot be read; create it or correct the feed's configuration`);
      return undefined;
    }
  }

  /** Starts listening before the look, so that a change during it is not missed. */
  #nextChange(signal: AbortSignal): { readonly happened: Promise<void>; readonly stop: () => void } {
    const { target, pollMs } = this.#parts;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, pollMs);
    const stop = (): void => resolve();
    signal.addEventListener('abort', stop);
    const watcher = watchQuietly('file' in target ? dirname(target.file) : target.folder, resolve);
    if (signal.aborted) resolve();
    return {
      happened: promise,
      stop: () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
        watcher?.close();
      },
    };
  }
}

function watchQuietly(folder: string, onChange: () => void): ReturnType<typeof watch> | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, onChange);
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
