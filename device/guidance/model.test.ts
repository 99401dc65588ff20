/** Real GGUF files in the real process: the shipped model, and one of random weights with another template and size. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parserFor } from '@truecount/protocol';
import { Type } from 'typebox';
import { afterAll, describe, expect, it } from 'vitest';
import { Guidance } from './guidance.ts';
import { loadProcedures, shippedProcedures } from './library/library.ts';
import { LlamaRunner } from './model/llama-runner.ts';
import { ModelProcess } from './model/model-process.ts';
import { RequestQueue } from './model/request-queue.ts';
import { shippedModel } from './model/shipped-model.ts';
import { parseGuideContext } from './situation/context.ts';

const { procedures } = loadProcedures([shippedProcedures]);
const planted = fileURLToPath(new URL('./model/fixtures/random.gguf', import.meta.url));
const shipped = shippedModel();
if (shipped === undefined) throw new Error('models/guide/guide.gguf is missing from this checkout');
/** Starting a process and loading a model takes a second of work, and many on a machine that is busy. */
const PATIENCE_MS = 120_000;

const context = (question: string) => {
  const parsed = parseGuideContext({
    question,
    role: 'associate',
    exception: {
      kind: 'phantom-stock',
      name: 'Oat drink',
      confidence: 0.93,
      evidence: [{ code: 'record-says', params: { qty: 12 } }],
    },
  });
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
};

describe('the shipped model', { timeout: PATIENCE_MS }, () => {
  const model = new ModelProcess({ file: shipped, maxMemoryMb: 300, threads: 1 });
  const guidance = new Guidance({ procedures, elapsed: () => performance.now(), model });
  afterAll(() => model.close());

  it('answers what to do with the first step of the procedure and only values of the context', async () => {
    expect(await model.ready()).toMatchObject({ prompt: 'compact-1', threads: 1 });
    const events: string[] = [];
    const advice = await guidance.ask(context('What should I do?'), {
      onEvent: ({ type }) => events.push(type),
    });
    expect(advice).toMatchObject({ abstained: false, topic: 'act', model: model.card()?.name });
    expect(advice?.steps[0]).toMatchObject({ id: 'phantom-stock/act/count-blind', source: 'phantom-stock' });
    // The only number of this context besides shares.
    for (const number of advice?.answer.match(/\d+/g) ?? []) expect(['12', '93']).toContain(number);
    expect(events[0]).toBe('steps');
    expect(events).toContain('say');
  });

  it('is started again when its process dies, and guidance answers meanwhile', async () => {
    await model.ready();
    const { pid } = model;
    if (pid === undefined) throw new Error('no process');
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => model.card()).toBeUndefined();
    expect(await guidance.ask(context('What should I do?'))).toMatchObject({ model: null, topic: 'act' });
    await expect.poll(() => model.card(), { timeout: PATIENCE_MS }).toBeDefined();
    expect(await guidance.ask(context('What should I do?'))).toMatchObject({ model: model.card()?.name });
    expect(model.pid).not.toBe(pid);
  });

  it('gives nothing when it is cancelled', async () => {
    const gone = new AbortController();
    const asked = guidance.ask(context('Why is this shown?'), { signal: gone.signal });
    gone.abort();
    expect(await asked).toBeUndefined();
  });
});

describe('a file that cannot be', { timeout: PATIENCE_MS }, () => {
  it('loaded is told, and the procedures answer in their own words', async () => {
    const model = new ModelProcess({ file: '/nowhere/model.gguf', maxMemoryMb: 300 });
    expect(await model.ready()).toBeUndefined();
    expect(model.problem()).toContain('/nowhere/model.gguf');
    const guidance = new Guidance({ procedures, elapsed: () => 0, model });
    expect(await guidance.ask(context('who decides?'))).toMatchObject({ model: null, topic: 'tell' });
    await model.close();
  });

  it('held in its memory is ended each time, and given up after a few', async () => {
    const notes: string[] = [];
    const model = new ModelProcess({ file: shipped, maxMemoryMb: 64, onNote: (note) => notes.push(note) });
    await expect
      .poll(() => notes.some((note) => note.includes('code 77')), { timeout: PATIENCE_MS })
      .toBe(true);
    await model.close();
  });
});

describe('a model that was not trained here', { timeout: PATIENCE_MS }, () => {
  it('gives only answers in form, whatever its weights, size and template', async () => {
    const model = new ModelProcess({ file: planted, maxMemoryMb: 300, threads: 1 });
    const card = await model.ready();
    expect(card).toMatchObject({ name: 'random weights', contextTokens: 2048 });
    expect(card?.actions).toBeUndefined();
    const guidance = new Guidance({ procedures, elapsed: () => 0, model });
    for (const question of ['What should I do?', 'why?', 'Can I promise one to a customer?']) {
      let output: string | undefined;
      const advice = await guidance.ask(context(question), { log: (entry) => (output = entry.output) });
      expect(JSON.parse(output ?? '')).toMatchObject({ topic: expect.any(String), do: expect.any(Array) });
      expect(advice?.abstained === true || (advice?.steps.length ?? 0) > 0).toBe(true);
    }
    await model.close();
  });
});

describe('the GGUF file and torch', { timeout: PATIENCE_MS }, () => {
  const Agreement = Type.Object({
    cases: Type.Array(
      Type.Object({ prompt: Type.String(), tokens: Type.Array(Type.Integer()), answer: Type.String() }),
    ),
  });

  it('cut text into the same tokens and write the same answers', async () => {
    const file = new URL('../../models/guide/agreement.json', import.meta.url);
    const parsed = parserFor(Agreement)(JSON.parse(readFileSync(file, 'utf8')));
    if (!parsed.ok) throw new Error(parsed.problem);
    const runner = await LlamaRunner.open({ file: shipped, threads: 1 }, 1);
    let same = 0;
    for (const { prompt, tokens, answer } of parsed.value.cases) {
      expect(runner.tokens(prompt)).toEqual(tokens);
      const text = await runner.generate({
        system: '',
        prompt,
        // Any text: what is compared is the model, not the grammar.
        grammar: String.raw`root ::= [^\x00]*`,
        maxTokens: 160,
        signal: new AbortController().signal,
        onText: () => undefined,
      });
      if (text === answer) same += 1;
    }
    expect(runner.card.contextTokens).toBeGreaterThanOrEqual(1024);
    await runner.close();
    // Eight bits may tip a tie.
    expect(same / parsed.value.cases.length).toBeGreaterThanOrEqual(0.9);
  });
});

describe('the queue', () => {
  it('lets a person who asks go before a burst of work made in advance', async () => {
    const queue = new RequestQueue<string>();
    const order: string[] = [];
    const job = (name: string) => async (signal: AbortSignal) => {
      await new Promise((resolve) => setImmediate(resolve));
      if (!signal.aborted) order.push(name);
      return name;
    };
    const burst = Array.from({ length: 20 }, (_, at) =>
      queue.add({ priority: 'background', run: job(`card ${at}`) }),
    );
    const asked = queue.add({ priority: 'person', run: job('person') });
    expect(await asked).toBe('person');
    expect(order.indexOf('person')).toBeLessThanOrEqual(1);
    expect(await Promise.all(burst)).toEqual(burst.map((_, at) => `card ${at}`));
  });

  it('drops the oldest work made in advance when there is too much, and never a person', async () => {
    const queue = new RequestQueue<number>();
    const open = Promise.withResolvers<void>();
    const all = Array.from({ length: 300 }, (_, at) =>
      queue.add({ priority: 'background', run: async () => (await open.promise, at) }),
    );
    open.resolve();
    const done = (await Promise.all(all)).filter((result) => result !== undefined);
    expect(done.length).toBeLessThan(300);
    expect(done.at(-1)).toBe(299);
  });

  it('forgets what was cancelled', async () => {
    const queue = new RequestQueue<number>();
    const gone = new AbortController();
    const open = Promise.withResolvers<void>();
    const first = queue.add({ priority: 'person', run: async () => (await open.promise, 1) });
    const second = queue.add({ priority: 'person', signal: gone.signal, run: async () => 2 });
    gone.abort();
    open.resolve();
    expect(await Promise.all([first, second])).toEqual([1, undefined]);
    expect(queue.waiting).toBe(0);
  });
});
