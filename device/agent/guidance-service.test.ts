import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GuidanceEvent, instant, newId, NowView, parserFor } from '@truecount/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAgentConfig } from '../config.ts';
import { AnswerLog } from '../guidance/index.ts';
import { type RunningAgent, startAgent } from '../main.ts';

const parseEvent = parserFor(GuidanceEvent);
const parseNow = parserFor(NowView);
const folder = mkdtempSync(join(tmpdir(), 'truecount-guidance-'));
let agent: RunningAgent;

const minutesAgo = (minutes: number): string => instant(Date.now() - minutes * 60_000);

beforeAll(async () => {
  const file = join(folder, 'books.ndjson');
  const lines = [
    { t: minutesAgo(90), type: 'catalog', sku: '1', name: 'Oat drink', price: 2.5, cost: 1.4 },
    { t: minutesAgo(80), type: 'record', sku: '1', qty: 1 },
    { t: minutesAgo(60), type: 'sale', sku: '1', qty: 12 },
  ];
  writeFileSync(file, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
  agent = await startAgent(
    parseAgentConfig({
      store: { id: 'berlin-1', name: 'Berlin', timeZone: 'Europe/Berlin', currency: 'EUR' },
      dataFolder: join(folder, 'data'),
      api: { port: 0 },
      log: { level: 'silent' },
      tickMs: 50,
      guidance: { model: 'none' },
      feeds: [{ kind: 'ndjson', name: 'books', file }],
    }),
  );
});
afterAll(async () => {
  await agent.close();
  rmSync(folder, { recursive: true, force: true });
});

const post = (path: string, body: unknown): Promise<Response> =>
  fetch(`${agent.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: agent.url },
    body: JSON.stringify(body),
  });

async function ask(body: object): Promise<GuidanceEvent> {
  const text = await (await post('/api/guidance', body)).text();
  const parsed = parseEvent(JSON.parse(text.trim().split('\n').at(-1) ?? ''));
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

describe('asking the store agent', () => {
  it('about a card gives the steps of its procedure', async () => {
    const found: { exceptionId?: string } = {};
    await expect
      .poll(
        async () => {
          const now = parseNow(await (await fetch(`${agent.url}/api/now`)).json());
          const card = now.ok ? now.value.cards[0] : undefined;
          if (card?.exceptionId !== undefined) found.exceptionId = card.exceptionId;
          return card?.exceptionKind;
        },
        { timeout: 25_000 },
      )
      .toBe('negative-record');
    const event = await ask({ id: newId(Date.now()), question: 'what do I do?', ...found });
    expect(event).toMatchObject({ type: 'advice', advice: { topic: 'act', abstained: false } });
  });

  it('without a PIN is asking as an associate, whatever the request claims', async () => {
    const question = 'how do I change a policy limit and activate the new version';
    const event = await ask({ id: newId(Date.now()), question, role: 'admin' });
    expect(JSON.stringify(event)).not.toContain('policy-change');
  });

  it('keeps the answer, and whether it was right, for learning', async () => {
    const id = newId(Date.now());
    await ask({ id, question: 'there is a spill on the floor' });
    expect((await post(`/api/guidance/${id}/verdict`, { right: true })).status).toBe(204);
    expect((await post(`/api/guidance/${newId(Date.now())}/verdict`, { right: true })).status).toBe(404);
    using log = new AnswerLog(join(folder, 'data', 'guidance.sqlite'));
    expect(log.judged()).toEqual([
      {
        question: 'there is a spill on the floor',
        kind: null,
        topic: 'steps',
        procedure: 'safety-spill',
        right: true,
      },
    ]);
  });

  it('shows another procedure once people found the first one wrong, and the first again when they take it back', async () => {
    const question = 'the parcel of the other store';
    const shown = async (): Promise<{ readonly id: string; readonly procedure: string | undefined }> => {
      const id = newId(Date.now());
      const event = await ask({ id, question });
      return { id, procedure: event.type === 'advice' ? event.advice.sources[0]?.id : undefined };
    };
    const before = await shown();
    expect(before.procedure).toBeDefined();
    const judge = async (id: string, right: boolean): Promise<void> => {
      expect((await post(`/api/guidance/${id}/verdict`, { right })).status).toBe(204);
    };
    const ids = [before.id, (await shown()).id, (await shown()).id, (await shown()).id];
    for (const id of ids) await judge(id, false);
    expect((await shown()).procedure).not.toBe(before.procedure);
    for (const id of ids) await judge(id, true);
    expect((await shown()).procedure).toBe(before.procedure);
  });
});
