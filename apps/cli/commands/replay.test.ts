import { describe, expect, it } from 'vitest';
import { runTruecount } from './run-truecount.fixture.ts';

describe('truecount replay', () => {
  it('prints beliefs at a checkpoint, and names the line that it cannot read', async () => {
    const lines = [
      '{"t":"2026-03-01T08:00:00.000Z","type":"record","sku":"oat","qty":5}',
      'not JSON',
      '{"t":"2026-03-01T20:00:00.000Z","type":"checkpoint"}',
    ];
    const { stdout, stderr } = await runTruecount(['replay'], lines.join('\n'));
    expect(JSON.parse(stdout)).toMatchObject({ sku: 'oat', record: 5 });
    expect(stderr).toMatch(/^line 2: not valid JSON; skipped$/m);
  });

  it('says in one line which file it cannot open', async () => {
    expect(await runTruecount(['replay', '/no/such.ndjson'])).toEqual({
      status: 1,
      stdout: '',
      stderr: 'E_NO_FILE: there is no file /no/such.ndjson\n',
    });
  });
});
