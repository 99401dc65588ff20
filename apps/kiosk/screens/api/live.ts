/** The agent's change stream: each event names topics, and what the screens hold of them is fetched again. */
import type { QueryClient } from '@tanstack/react-query';
import { ChangeEvent, readerFor, ScanPush } from '@truecount/protocol';
import { followChangeStream } from '@truecount/screens/change-stream';

const readChange = readerFor(ChangeEvent);
const readScan = readerFor(ScanPush);

/** What is to be fetched again when a topic changes. */
const heldBy: Readonly<Record<ChangeEvent['topics'][number], readonly string[]>> = {
  now: ['now', 'board'],
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
  followChangeStream(
    '/api/events',
    {
      onOpen: () => void queries.invalidateQueries(),
      on: {
        message: (data) => {
          for (const key of keysOf(data)) void queries.invalidateQueries({ queryKey: [key] });
        },
        scan: (data) => {
          const scan = readScan(data);
          if (scan.ok) scanned(scan.value);
        },
      },
    },
    signal,
  );
}

/** Unknown topics are left alone: an old screen may meet a newer agent. */
export function keysOf(data: unknown): ReadonlySet<string> {
  const change = readChange(data);
  return new Set(change.ok ? change.value.topics.flatMap((topic) => heldBy[topic]) : []);
}
