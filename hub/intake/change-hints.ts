/**
 * Tells devices that there is something to pull. Changes within a short window become one hint per device and
 * collection. Hints may get lost or come twice: they only save waiting for the next regular look.
 */
import { type CollectionName, collections, type DeviceAddress, topicOf } from '@truecount/protocol';
import { packMessage } from '@truecount/protocol/wire';
import type { BrokerLink } from '../broker/index.ts';
import type { Database } from '../database/index.ts';
import { devicesOnline } from './device-registry.ts';
import { type DocumentsChanged, listenForDocuments } from './document-changes.ts';
import { ALL_STORES } from './document-scope.ts';

const WINDOW_MS = 20;

export interface HintOptions {
  readonly database: Database;
  readonly broker: BrokerLink;
  readonly history: string;
  readonly onWarning: (text: string) => void;
}

export async function startHints(options: HintOptions): Promise<() => Promise<void>> {
  let collected: DocumentsChanged[] = [];
  let timer: NodeJS.Timeout | undefined;
  let lastSentMs = Number.NEGATIVE_INFINITY;
  let sending = Promise.resolve();
  const send = (): void => {
    const changes = collected;
    collected = [];
    timer = undefined;
    lastSentMs = performance.now();
    sending = sending
      .then(() => sendHints(options, changes))
      .catch((error: unknown) => options.onWarning(`hints could not be sent: ${String(error)}`));
  };
  const stop = await listenForDocuments(options.database, (change) => {
    if (change && collections[change.collection].direction === 'store-to-hub') return;
    // Missed changes: devices look by themselves at their next regular turn.
    if (change) collected.push(change);
    // The first change after a quiet time is told at once.
    timer ??= setTimeout(send, Math.max(0, lastSentMs + WINDOW_MS - performance.now()));
  });
  return async () => {
    await stop();
    clearTimeout(timer);
    await sending;
  };
}

async function sendHints(options: HintOptions, changes: readonly DocumentsChanged[]): Promise<void> {
  if (changes.length === 0) return;
  const stores = new Set(changes.map(({ store }) => store));
  const devices = await devicesOnline(options.database, stores.has(ALL_STORES) ? undefined : [...stores]);
  for (const address of devices)
    for (const [collection, seq] of newestFor(address, changes))
      await options.broker.publish(
        topicOf('changed', address, collection),
        packMessage({ checkpoint: { history: options.history, seq } }),
        { qos: 0 },
      );
}

/** A device need not hear of what only it wrote: it has had its answer. */
function newestFor(
  { store, device }: DeviceAddress,
  changes: readonly DocumentsChanged[],
): ReadonlyMap<CollectionName, number> {
  const newest = new Map<CollectionName, number>();
  for (const change of changes)
    if ((change.store === store || change.store === ALL_STORES) && change.by !== `device:${device}`)
      newest.set(change.collection, Math.max(change.seq, newest.get(change.collection) ?? 0));
  return newest;
}
