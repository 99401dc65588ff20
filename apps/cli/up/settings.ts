/** The configs of the demo's hub and stores, made from its secrets: what an installer would write by hand. */
import { scryptSync, randomBytes } from 'node:crypto';
import type { ScaledClock } from '@truecount/protocol';
import type { DemoSecrets } from './demo-folder.ts';
import { type DemoStore, demoStores } from './scenario.ts';

export const TIME_ZONE = 'UTC';
export const CURRENCY = 'EUR';

/** The same cost parameters as everywhere in the product; the hash carries them. */
const SCRYPT = { N: 16_384, r: 8, p: 1 } as const;

export function hashPin(pin: string): string {
  const salt = randomBytes(16);
  const hash = scryptSync(pin, salt, 32, SCRYPT);
  return `scrypt$${SCRYPT.N}$${SCRYPT.r}$${SCRYPT.p}$${salt.toString('base64')}$${hash.toString('base64')}`;
}

/** Lanes between every two stores: a van costs the same whatever it carries, and takes some hours. */
const LANE = { fixedMinor: 900, perUnitMinor: 5, hours: 3, capacity: 200 };

export interface Folders {
  readonly data: string;
  readonly console: string;
  readonly kiosk: string;
}

/** Named beforehand, so that the stores find the hub again after it was restarted. */
export interface HubPorts {
  readonly api: number;
  readonly broker: number;
}

export function hubConfig(
  folders: Folders,
  secrets: DemoSecrets,
  clock: ScaledClock,
  ports: HubPorts,
): object {
  return {
    dataFolder: folders.data,
    consoleFolder: folders.console,
    api: { host: '127.0.0.1', port: ports.api },
    broker: { listen: { host: '127.0.0.1', port: ports.broker } },
    clock,
    stores: demoStores.map(({ id, name }) => ({ id, name, timeZone: TIME_ZONE, currency: CURRENCY })),
    lanes: demoStores.flatMap((from) =>
      demoStores.filter((to) => to !== from).map((to) => ({ from: from.id, to: to.id, ...LANE })),
    ),
    devices: demoStores.map(({ id }) => ({
      id: deviceId(id),
      store: id,
      secret: secrets.deviceSecrets[id],
    })),
    operators: [{ name: 'Demo operator', role: 'ops', key: secrets.operatorKey }],
    staff: demoStores.map(({ id, pin }) => ({
      store: id,
      name: 'Manager',
      role: 'manager',
      pinHash: hashPin(pin),
    })),
  };
}

export interface HubAddress {
  readonly mqttUrl: string;
  readonly publicKeyPem: string;
}

export function storeConfig(
  store: DemoStore,
  folders: Folders & { readonly inbox: string },
  hub: HubAddress,
  secrets: DemoSecrets,
  clock: ScaledClock,
  line: { readonly port: number; readonly till: string | undefined },
): object {
  return {
    store: { id: store.id, name: store.name, timeZone: TIME_ZONE, currency: CURRENCY },
    dataFolder: folders.data,
    screensFolder: folders.kiosk,
    api: { host: '127.0.0.1', port: line.port },
    hub: {
      url: hub.mqttUrl,
      device: deviceId(store.id),
      username: `${store.id}/${deviceId(store.id)}`,
      password: secrets.deviceSecrets[store.id],
      publicKeyPem: hub.publicKeyPem,
    },
    feeds: [
      { kind: 'ndjson', name: 'back-office', folder: folders.inbox },
      ...(line.till
        ? [
            {
              kind: 'escpos',
              name: 'till-1',
              port: { path: line.till, baudRate: 19_200 },
              grammar: 'generic',
              timeZone: TIME_ZONE,
            },
          ]
        : []),
    ],
    clock,
  };
}

const deviceId = (store: string) => `${store}-agent`;
