import { describe, expect, it } from 'vitest';
import { parseAgentConfig } from './config.ts';

const store = { id: 'harbour', name: 'Harbour', timeZone: 'Europe/Berlin', currency: 'EUR' };
const smallest = { store, dataFolder: './harbour' };

describe("the agent's config", () => {
  it('needs no more than a store and a folder', () => {
    expect(parseAgentConfig(smallest)).toMatchObject({
      api: { host: '127.0.0.1', port: 7400 },
      feeds: [],
      tickMs: 1000,
      log: { level: 'info' },
    });
  });

  it.each([
    [[], /not a JSON object/],
    [{ ...smallest, dataFolder: '' }, /dataFolder/],
    [{ ...smallest, api: { port: 'http' } }, /api\.port/],
    [{ ...smallest, store: { ...store, timeZone: 'Berlin' } }, /IANA time zone/],
    [{ ...smallest, hub: { url: 'http://hub' } }, /hub/],
    [
      { ...smallest, feeds: [{ kind: 'escpos', name: 'till' }] },
      /feeds\.0: give exactly one of port, file and folder/,
    ],
    [
      { ...smallest, feeds: [1, 2].map(() => ({ kind: 'ndjson', name: 'books', folder: 'in' })) },
      /feeds\.1: the name "books" is taken/,
    ],
  ])('says which field of %j is wrong', (config, problem) => {
    expect(() => parseAgentConfig(config)).toThrow(expect.objectContaining({ code: 'E_CONFIG' }));
    expect(() => parseAgentConfig(config)).toThrow(problem);
  });
});
