/** The hub's change stream: each event names topics, and what the console holds of them is fetched again. */
import type { QueryClient } from '@tanstack/react-query';
import { HubChangeEvent, readerFor } from '@truecount/protocol';
import { followChangeStream } from '@truecount/screens/change-stream';

const readChange = readerFor(HubChangeEvent);

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
  followChangeStream(
    '/api/events',
    {
      onOpen: () => {
        told(true);
        void queries.invalidateQueries();
      },
      onLost: () => told(false),
      on: {
        message: (data) => {
          for (const key of keysOf(data)) void queries.invalidateQueries({ queryKey: [key] });
        },
      },
    },
    signal,
  );
}

/** Unknown topics are left alone: an old console may meet a newer hub. */
export function keysOf(data: unknown): ReadonlySet<string> {
  const change = readChange(data);
  return new Set(change.ok ? change.value.topics.flatMap((topic) => heldBy[topic]) : []);
}
