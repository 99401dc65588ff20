import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseHubConfig, readHubConfig } from './config.ts';

const store = (id: string) => ({ id, name: id, timeZone: 'UTC', currency: 'EUR' });
const smallest = { dataFolder: 'hub', stores: [store('harbour'), store('market')] };

describe('the hub’s configuration', () => {
  it('is complete with a data folder and stores', () => {
    expect(parseHubConfig(smallest)).toMatchObject({
      api: { host: '127.0.0.1' },
      broker: { listen: { host: '127.0.0.1' } },
      planning: { everyMinutes: 15 },
      log: { level: 'info' },
    });
  });

  it('names what is wrong', () => {
    const lane = { from: 'harbour', to: 'moon', fixedMinor: 1, perUnitMinor: 1, hours: 1 };
    expect(() => parseHubConfig({ ...smallest, lanes: [lane] })).toThrow(
      /lanes\.0\.to names the store "moon"/,
    );
    expect(() => parseHubConfig({ ...smallest, api: { port: 99_999 } })).toThrow(/api\.port/);
    expect(() => parseHubConfig({ ...smallest, operators: [{ name: 'A', role: 'ops' }] })).toThrow(
      /key or a keyHash/,
    );
    expect(() => parseHubConfig({ dataFolder: 'hub', stores: [] })).toThrow(/stores/);
    expect(() =>
      parseHubConfig({ ...smallest, stores: [store('harbour'), { ...store('b'), currency: 'SEK' }] }),
    ).toThrow(/one hub per currency/);
    expect(() => parseHubConfig([])).toThrow(/not a JSON object/);
  });

  it('takes folders from where its file is', () => {
    const folder = mkdtempSync(join(tmpdir(), 'truecount-config-'));
    try {
      writeFileSync(join(folder, 'hub.json'), JSON.stringify(smallest));
      expect(readHubConfig(join(folder, 'hub.json')).dataFolder).toBe(join(folder, 'hub'));
      writeFileSync(join(folder, 'hub.json'), '{');
      expect(() => readHubConfig(join(folder, 'hub.json'))).toThrow(/cannot be read as JSON/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
