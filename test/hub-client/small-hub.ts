/** A hub in a folder of its own, on free ports, with an operator of each kind. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHubConfig } from '../../hub/config.ts';
import { type Hub, startHub } from '../../hub/main.ts';

export const keys = {
  ops: 'ops-key-abcdefghijklmnopqrst',
  admin: 'admin-key-abcdefghijklmnopqr',
  auditor: 'auditor-key-abcdefghijklmno',
} as const;

export interface SmallHub {
  readonly hub: Hub;
  close(): Promise<void>;
}

/** @param port of the API; a free one when absent */
export async function startSmallHub(port = 0): Promise<SmallHub> {
  const folder = mkdtempSync(join(tmpdir(), 'truecount-small-hub-'));
  const config = parseHubConfig({
    dataFolder: folder,
    api: { port },
    log: { level: 'silent' },
    broker: { listen: { host: '127.0.0.1', port: 0 } },
    stores: [
      { id: 'harbour', name: 'Harbour', timeZone: 'UTC', currency: 'EUR' },
      { id: 'market', name: 'Market', timeZone: 'UTC', currency: 'EUR' },
    ],
    lanes: [{ from: 'harbour', to: 'market', fixedMinor: 900, perUnitMinor: 5, hours: 3 }],
    operators: [
      { name: 'Ada', role: 'ops', key: keys.ops },
      { name: 'Ann', role: 'admin', key: keys.admin },
      { name: 'Olu', role: 'auditor', key: keys.auditor },
    ],
  });
  const hub = await startHub(config);
  return {
    hub,
    close: async () => {
      await hub.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
