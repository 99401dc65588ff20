/**
 * Who is still there after the way to the broker was lost: it may have forgotten the states it kept, and a device that
 * went meanwhile left no last will. Whoever does not say its state again in time is out of reach since then.
 */
import type { DeviceAddress } from '@truecount/protocol';
import type { BrokerLink } from '../broker/index.ts';
import type { Queryable } from '../database/index.ts';
import { devicesOnline, noteOffline } from './device-registry.ts';

export interface Presence {
  heard(address: DeviceAddress, isOnline: boolean): void;
  stop(): void;
}

export function followPresence(options: {
  readonly database: Queryable;
  readonly broker: BrokerLink;
  readonly now: () => string;
  readonly graceMs: number;
  readonly onGone: (address: DeviceAddress) => void;
  readonly inBackground: (work: Promise<void>) => void;
}): Presence {
  const { database, broker, now, graceMs, onGone, inBackground } = options;
  let heard = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const keyOf = ({ store, device }: DeviceAddress): string => `${store}/${device}`;
  const sweep = async (since: string): Promise<void> => {
    const gone = (await devicesOnline(database, undefined)).filter((address) => !heard.has(keyOf(address)));
    for (const address of gone) {
      await noteOffline(database, address, since);
      onGone(address);
    }
  };
  broker.onConnected(() => {
    heard = new Set();
    const since = now();
    clearTimeout(timer);
    timer = setTimeout(() => inBackground(sweep(since)), graceMs);
    timer.unref();
  });
  return {
    heard: (address, isOnline) => {
      if (isOnline) heard.add(keyOf(address));
    },
    stop: () => clearTimeout(timer),
  };
}
