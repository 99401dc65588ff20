/**
 * The hub's change stream: each event names topics, and what the console holds of them is fetched again. The
 * browser reconnects by itself; where it gives up this tries again after a pause that grows to half a minute.
 * After every reconnect everything is fetched, since hints may be lost.
 */
import { HubChangeEvent, readerFor } from '@truecount/protocol';
import type { QueryClient } from '@tanstack/react-query';

const readChange = readerFor(HubChangeEvent);
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

const heldBy: Readonly<Record<HubChangeEvent['topics'][number], readonly string[]>> = {
  stores: ['stores', 'devices', 'quarantine'],
  cases: ['cases', 'case', 'stores', 'metrics'],
  transfers: ['transfers'],
  plan: ['plan'],
  audit: ['audit'],
  policies: ['policies'],
  devices: ['devices', 'codes'],
  automation: ['automation', 'metrics'],
};

/** @param told whether the stream is open, whenever that changes */
export function followChanges(
  queries: QueryClient,
  told: (isLive: boolean) => void,
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
      told(true);
      void queries.invalidateQueries();
    });
    source.addEventListener('message', (event: MessageEvent<string>) => {
      for (const key of keysOf(event.data)) void queries.invalidateQueries({ queryKey: [key] });
    });
    source.addEventListener('error', () => {
      told(false);
      if (source.readyState !== EventSource.CLOSED) return;
      signal.removeEventListener('abort', close);
      setTimeout(open, pauseMs);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    });
  };
  open();
}

/** Unknown topics are left alone: an old console may meet a newer hub. */
export function keysOf(data: string): ReadonlySet<string> {
  let input: unknown;
  try {
    input = JSON.parse(data);
  } catch {
    return new Set();
  }
  const change = readChange(input);
  return new Set(change.ok ? change.value.topics.flatMap((topic) => heldBy[topic]) : []);
}
