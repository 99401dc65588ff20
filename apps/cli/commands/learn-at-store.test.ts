import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultParameters } from '@truecount/device/belief';
import { ModelStore } from '@truecount/device/learning';
import { describe, expect, it } from 'vitest';
import { runTruecount } from './run-truecount.fixture.ts';

async function truecount(...words: readonly string[]) {
  const { status, stdout, stderr } = await runTruecount(words);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return { status, stderr, said: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

function storeThatLearned(): string {
  const folder = mkdtempSync(join(tmpdir(), 'learned-'));
  using models = new ModelStore(folder);
  for (const [number, countError] of [0.1, 0.2].entries()) {
    const id = `night-${number + 1}`;
    const finishedAt = `2026-03-0${number + 1}T02:00:00.000Z`;
    models.accept(
      {
        id,
        parent: models.inForce().version,
        madeAt: finishedAt,
        because: 'looks better',
        parameters: { ...defaultParameters, countError, version: id },
      },
      { finishedAt, took: 'challenger', because: 'looks better', seconds: 9 },
    );
  }
  return folder;
}

describe('truecount learn --data', () => {
  it('lists what a store has learned, goes back, and says what is in force', async () => {
    const folder = storeThatLearned();
    expect((await truecount('learn', '--data', folder, '--versions')).said).toMatchObject([
      { id: 'night-2', parent: 'night-1', inForce: { by: 'night' } },
      { id: 'night-1', parent: defaultParameters.version },
      { id: defaultParameters.version },
    ]);
    expect((await truecount('learn', '--data', folder, '--revert')).said).toEqual([
      { inForce: 'night-1', was: 'night-2' },
    ]);
    expect((await truecount('learn', '--data', folder)).said).toMatchObject([
      { version: 'night-1', by: 'command line', last: { took: 'challenger' } },
    ]);
    using models = new ModelStore(folder);
    expect(models.parametersOf(models.inForce().version).countError).toBe(0.1);
  });

  it('says what to do when it cannot', async () => {
    const folder = storeThatLearned();
    expect((await truecount('learn', '--data', tmpdir())).stderr).toMatch(/^E_NO_MODELS: /);
    expect((await truecount('learn', '--data', folder, '--revert', 'night-9')).stderr).toMatch(
      /^E_MODEL_VERSION: .*--versions/,
    );
    expect(await truecount('learn', '--data', folder, '--now')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^E_NO_AGENT: /) as string,
    });
  });
});
