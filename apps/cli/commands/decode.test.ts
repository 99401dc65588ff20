import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runTruecount } from './run-truecount.fixture.ts';

const vector = (path: string) =>
  readFileSync(
    fileURLToPath(import.meta.resolve('@truecount/device/feeds')).replace('index.ts', `vectors/${path}`),
  );

const decode = (args: readonly string[], input: Uint8Array | string) =>
  runTruecount(['decode', ...args], input);
const objects = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('truecount decode', () => {
  it('prints lines, commands, the ticket, its observations and a summary', async () => {
    const { status, stdout, stderr } = await decode(
      ['--feed', 'escpos'],
      vector('escpos/receipt-with-logo.bin'),
    );
    const types = objects(stdout).map(({ type }) => type);
    expect([...new Set(types)]).toEqual(['command', 'line', 'ticket', 'sale', 'summary']);
    expect(objects(stdout).find(({ type }) => type === 'ticket')).toMatchObject({
      total: 14.25,
      balanced: true,
    });
    expect(types.at(-1)).toBe('summary');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('prints scans and refusals, and says by its exit status that something was refused', async () => {
    const run = await decode(['--feed', 'scanner'], ']E04006381333931\r\n4006381333930\r\n');
    expect(objects(run.stdout)).toMatchObject([
      { type: 'scan', symbology: ']E0', gtin: '04006381333931' },
      { type: 'refused', reason: expect.stringMatching(/check digit/), raw: '4006381333930' },
    ]);
    expect(run.status).toBe(2);
  });

  it('reads weights and POSLog documents', async () => {
    const scale = await decode(['--feed', 'scale'], 'ST,GS,+ 0006.245kg\r\n');
    expect(objects(scale.stdout)).toEqual([{ type: 'weight', grams: 6245, stable: true }]);
    const poslog = await decode(['--feed', 'poslog'], vector('poslog/SMALL.redacted.xml'));
    expect(objects(poslog.stdout)).toContainEqual(
      expect.objectContaining({ type: 'sale', sku: '00000000067591', qty: 0.42 }),
    );
    expect([scale.status, poslog.status]).toEqual([0, 0]);
  });

  it('takes a grammar from a file or by name, and refuses a wrong one in one line', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'truecount-grammar-'));
    const file = join(folder, 'till.json');
    const receipt = '2*MILK 3.00\n= 3.00\n';
    await writeFile(
      file,
      JSON.stringify({
        name: 'till',
        lines: [
          { is: 'item', match: '^(?<qty>\\d)\\*{name} {amount}$' },
          { is: 'total', match: '^= {amount}$' },
        ],
      }),
    );
    const own = await decode(['--feed', 'escpos', '--grammar', file], receipt);
    expect(objects(own.stdout)).toContainEqual(
      expect.objectContaining({ type: 'sale', sku: 'MILK', qty: 2 }),
    );
    await writeFile(file, '{');
    const broken = await decode(['--feed', 'escpos', '--grammar', file], receipt);
    expect(broken).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^E_FEED_CONFIG: .*no JSON.*\n$/),
    });
    const unknown = await decode(['--feed', 'escpos', '--grammar', 'nothing'], receipt);
    expect(unknown).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^E_FEED_CONFIG: .*there are: generic/),
    });
    await rm(folder, { recursive: true });
  });

  it('refuses to run without a feed it knows', async () => {
    expect((await decode([], '')).status).not.toBe(0);
    expect((await decode(['--feed', 'fax'], '')).stderr).toMatch(/fax/);
  });
});
