import { Advice, parserFor } from '@truecount/protocol';
import { describe, expect, it } from 'vitest';
import { runTruecount } from './run-truecount.fixture.ts';

const parseAdvice = parserFor(Advice);

const context = JSON.stringify({
  exception: { kind: 'shelf-gap', name: 'Oat drink' },
  question: 'what now?',
});

describe('truecount guide', { timeout: 120_000 }, () => {
  it('prints advice with steps of the procedure, chosen by the shipped model', async () => {
    const { stdout, stderr, status } = await runTruecount(['guide'], context);
    const advice = parseAdvice(JSON.parse(stdout));
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(advice.ok && advice.value.steps[0]).toMatchObject({ source: 'shelf-gap' });
    expect(advice.ok && advice.value.model).toEqual(expect.any(String));
  });

  it('answers without a model too', async () => {
    const { stdout } = await runTruecount(['guide', '--no-model'], context);
    expect(JSON.parse(stdout)).toMatchObject({ model: null, abstained: false });
  });

  it.each([
    ['no JSON', ['guide', '--no-model'], 'what?', 'E_CONTEXT'],
    ['a wrong field', ['guide', '--no-model'], '{"question": 7}', 'E_CONTEXT'],
    ['no file', ['guide', '--no-model', '/nowhere.json'], '', 'E_CONTEXT_FILE'],
  ])('says in one line what is wrong with %s', async (_, args, input, code) => {
    const { status, stdout, stderr } = await runTruecount(args, input);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^${code}: .+\n$`));
  });
});

describe('truecount ask', { timeout: 120_000 }, () => {
  it('answers from the procedures, one question a line', async () => {
    const { stdout } = await runTruecount(
      ['ask', '--no-model'],
      'somebody dropped a jar of honey\nwhat is the capital of Peru\n',
    );
    expect(stdout).toContain('safety-spill');
    expect(stdout).toContain('do not answer this');
  });

  it('says that nothing is known about stock while no store is connected, and when the store is away', async () => {
    expect((await runTruecount(['ask', '--no-model', 'is there oat drink?'])).stdout).toContain(
      'No store is connected',
    );
    // Port 9 (discard) answers nobody here.
    const away = await runTruecount([
      'ask',
      '--no-model',
      'is there oat drink?',
      '--store',
      'http://127.0.0.1:9',
    ]);
    expect(away.stdout).toContain('The stock cannot be read');
  });
});
