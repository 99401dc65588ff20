/**
 * A supervised serial port as a stream of events that never ends by itself.
 *
 * States: searching -> open -> (cut, replugged elsewhere, silent too long) -> waiting with back-off -> searching.
 * A port whose device file is gone or has become another one is given up although the driver says nothing, and so
 * is one that stays silent: after a replug the old descriptor may be dead without an error.
 */
import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../backoff.ts';
import { findPort, type ListPorts, type PortIdentity } from './find-port.ts';
import { type LineSettings, PortLink } from './port-link.ts';

export interface SerialSourceOptions {
  readonly port: PortIdentity;
  readonly line: LineSettings;
  readonly listPorts: ListPorts;
  /** The line counts as quiet this long after a byte. */
  readonly quietMs: number;
  /** How often the device file is looked at, and silence judged. */
  readonly checkMs: number;
  /** Reopen after this much silence: real time, whatever clock the agent runs on. */
  readonly reopenAfterMs: number;
}

export type SourceEvent =
  | { readonly kind: 'open'; readonly path: string; readonly note?: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** Nothing came for `quietMs` after the last byte. */
  | { readonly kind: 'quiet' }
  /** Time passed. */
  | { readonly kind: 'tick' }
  | { readonly kind: 'lost'; readonly code: string; readonly message: string };

export class SerialSource {
  readonly #options: SerialSourceOptions;
  #link: PortLink | undefined;

  constructor(options: SerialSourceOptions) {
    this.#options = options;
  }

  /** Until the signal aborts. The port is closed when the generator returns, also by `break`. */
  async *events(signal: AbortSignal): AsyncGenerator<SourceEvent, void, void> {
    const interrupt = (): void => this.#link?.interrupt();
    signal.addEventListener('abort', interrupt);
    try {
      for (let failures = 0; !signal.aborted; failures++) {
        for await (const event of this.#session(signal)) {
          if (event.kind === 'bytes') failures = 0;
          yield event;
        }
        await sleep(backoffMs(failures), undefined, { signal }).catch(() => undefined);
      }
    } finally {
      signal.removeEventListener('abort', interrupt);
    }
  }

  /** One opening of the port, from searching to losing it. */
  async *#session(signal: AbortSignal): AsyncGenerator<SourceEvent, void, void> {
    const { port, listPorts, line } = this.#options;
    const found = await findPort(port, listPorts);
    if (!found.ok) {
      yield { kind: 'lost', code: found.code, message: found.message };
      return;
    }
    try {
      this.#link = await PortLink.open(found.path, line);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      yield { kind: 'lost', code: 'open-failed', message: `${found.path} cannot be opened: ${reason}` };
      return;
    }
    try {
      yield { kind: 'open', path: found.path, ...(found.note === undefined ? {} : { note: found.note }) };
      yield* this.#read(this.#link, found.path, signal);
    } finally {
      await this.#link.close();
      this.#link = undefined;
    }
  }

  async *#read(link: PortLink, path: string, signal: AbortSignal): AsyncGenerator<SourceEvent, void, void> {
    const { quietMs, checkMs, reopenAfterMs } = this.#options;
    const device = await deviceOf(path);
    let heardAtMs = performance.now();
    let isQuiet = true;
    while (!signal.aborted) {
      const received = await link.receive(isQuiet ? checkMs : quietMs);
      if (received.kind === 'bytes') {
        heardAtMs = performance.now();
        isQuiet = false;
        yield received;
        continue;
      }
      if (received.kind === 'closed') {
        yield { kind: 'lost', code: 'port-lost', message: `${path} was lost: ${received.reason}` };
        return;
      }
      yield isQuiet ? { kind: 'tick' } : { kind: 'quiet' };
      isQuiet = true;
      if ((await deviceOf(path)) !== device) {
        yield { kind: 'lost', code: 'port-lost', message: `${path} is gone or has become another device` };
        return;
      }
      if (performance.now() - heardAtMs < reopenAfterMs) continue;
      return;
    }
  }
}

/** What the path leads to now; changes when a device is unplugged, replugged or a link is set anew. */
async function deviceOf(path: string): Promise<string | undefined> {
  try {
    const { rdev, ino } = await stat(path);
    return `${rdev}/${ino}`;
  } catch {
    return undefined;
  }
}
