/**
 * The agent's change stream: each event names topics, and what the screens hold of them is fetched again.
 * The browser reconnects by itself; where it gives up (an answer that is not a stream) this tries again after
 * a pause that grows to half a minute. After every reconnect everything is fetched, since hints may be lost.
 */
import { ChangeEvent, readerFor, ScanPush } from '@truecount/protocol';
import type { QueryClient } from '@tanstack/react-query';

const readChange = readerFor(ChangeEvent);
const readScan = readerFor(ScanPush);
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** What is to be fetched again when a topic changes. */
const heldBy: Readonly<Record<ChangeEvent['topics'][number], readonly string[]>> = {
  now: ['now'],
  transfers: ['transfers', 'now'],
  products: ['product', 'products'],
  sync: ['now', 'health'],
  session: ['session'],
  health: ['health'],
  shelf: ['shelf'],
};

/** @param scanned a serial scanner of this store read something */
export function followChanges(
  queries: QueryClient,
  scanned: (scan: ScanPush) => void,
  signal: AbortSignal,
): void {
  let pauseMs = FIRST_PAUSE_MS;
  const open = (): void => {
    if (signal.aborted) return;
    const source = new EventSource('/api/events');
    const close = (): void => source.close();
    signal.addEventListener('abort', close, { once: true });
    source.addEventListener('open', () => {
      pauseMs = FIRST_PAUSE_MS;
      void queries.invalidateQueries();
    });
    source.addEventListener('message', (event: MessageEvent<string>) => {
      for (const key of keysOf(event.data)) void queries.invalidateQueries({ queryKey: [key] });
    });
    source.addEventListener('scan', (event: MessageEvent<string>) => {
      const scan = readScan(parsed(event.data));
      if (scan.ok) scanned(scan.value);
    });
    source.addEventListener('error', () => {
      if (source.readyState !== EventSource.CLOSED) return;
      signal.removeEventListener('abort', close);
      setTimeout(open, pauseMs);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    });
  };
  open();
}

/** Unknown topics are left alone: an old screen may meet a newer agent. */
export function keysOf(data: string): ReadonlySet<string> {
  const change = readChange(parsed(data));
  return new Set(change.ok ? change.value.topics.flatMap((topic) => heldBy[topic]) : []);
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
