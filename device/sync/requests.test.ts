import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { packMessage, unpackMessage } from '../../protocol/wire.ts';
import type { Subject, Verb } from '../../protocol/index.ts';
import { backOffMs } from './back-off.ts';
import { Requests } from './requests.ts';

const pull = { checkpoint: null, limit: 10 };
const pulled = { documents: [], checkpoint: { history: 'h', seq: 7 }, complete: true };
const limits = { answerMs: 1000, deadlineMs: 10_000, attempts: 3, underWay: 2 };

/** The code of the error that a promise ends with. */
const failureOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: { code: string }) => error.code,
  );

describe('requests to the hub', () => {
  let sent: { id: string; verb: Verb; subject: Subject }[] = [];
  let silences = 0;
  let notOpen = 0;
  let requests: Requests;
  beforeEach(() => {
    vi.useFakeTimers();
    sent = [];
    silences = 0;
    notOpen = 0;
    requests = new Requests({
      limits,
      from: { epoch: 1, start: 'a' },
      random: () => 0.5,
      send: (verb, subject, payload) => {
        const message = unpackMessage(payload) as { value: { id: string } };
        sent.push({ id: message.value.id, verb, subject });
      },
      onSilence: () => (silences += 1),
      onNotOpen: () => (notOpen += 1),
    });
  });
  afterEach(() => {
    requests.end();
    vi.useRealTimers();
  });

  const reply = (id: string | undefined, answer: object): void =>
    requests.onReply(id ?? '', packMessage({ v: 1, id, ...answer }));
  const ask = (subject: Subject = 'exceptions', priority = 0) =>
    requests.ask('pull', subject, pull, priority);

  it('are answered', async () => {
    requests.open();
    const answer = ask();
    reply(sent[0]?.id, { ok: true, result: pulled });
    expect(await answer).toEqual(pulled);
  });

  it('are asked again under the same id, and the hub counts as silent after the last try', async () => {
    requests.open();
    const answer = failureOf(ask());
    await vi.advanceTimersByTimeAsync(limits.answerMs * limits.attempts);
    expect(await answer).toBe('E_HUB_SILENT');
    expect(sent).toHaveLength(3);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
    expect(silences).toBe(1);
  });

  it('wait while the way is closed, go under the same id when it opens again, and end at their deadline', async () => {
    requests.open();
    const answer = ask();
    requests.close();
    requests.open();
    expect(sent.map(({ id }) => id)).toEqual([sent[0]?.id, sent[0]?.id]);
    reply(sent[0]?.id, { ok: true, result: pulled });
    await answer;
    requests.close();
    const late = failureOf(ask());
    await vi.advanceTimersByTimeAsync(limits.deadlineMs);
    expect(await late).toBe('E_OUTAGE');
    expect(sent).toHaveLength(2);
  });

  it('go by urgency, a bounded number at a time, and less urgent ones only when they are let', async () => {
    const answers = [ask('positions', 2), ask('tasks', 1), ask('exceptions', 0), ask('transfers', 0)];
    requests.open(1);
    expect(sent.map(({ subject }) => subject)).toEqual(['exceptions', 'transfers']);
    for (const { id } of sent) reply(id, { ok: true, result: pulled });
    expect(sent.map(({ subject }) => subject)).toEqual(['exceptions', 'transfers', 'tasks']);
    reply(sent[2]?.id, { ok: true, result: pulled });
    expect(sent).toHaveLength(3);
    requests.open();
    reply(sent[3]?.id, { ok: true, result: pulled });
    await Promise.all(answers);
  });

  it('are asked again later of a busy hub', async () => {
    requests.open();
    const answer = ask();
    const busy = { code: 'busy', text: 'later', retryAfterMs: 500 };
    reply(sent[0]?.id, { ok: false, problem: busy });
    await vi.advanceTimersByTimeAsync(499);
    expect(sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2);
    expect(sent).toHaveLength(2);
    reply(sent[0]?.id, { ok: true, result: pulled });
    expect(await answer).toEqual(pulled);
  });

  it('say so when the hub does not know this start of the device', async () => {
    requests.open();
    const answer = failureOf(ask());
    reply(sent[0]?.id, { ok: false, problem: { code: 'not-open', text: 'open first' } });
    expect(await answer).toBe('E_HUB_REFUSED');
    expect(notOpen).toBe(1);
  });

  it('ignore answers that nobody waits for and answers that cannot be read', async () => {
    requests.open();
    const answer = failureOf(ask());
    reply('nobody', { ok: true, result: pulled });
    requests.onReply(sent[0]?.id ?? '', new Uint8Array([1, 2, 3]));
    expect(await answer).toBe('E_HUB_SILENT');
  });

  it('open the session while everything else waits', async () => {
    const waiting = failureOf(ask());
    const lineage = { epoch: 1, start: 'a', lineage: ['a'] };
    const opening = requests.ask('open', 'session', { ...lineage, versions: [1], version: '1' }, 0);
    expect(sent.map(({ verb }) => verb)).toEqual(['open']);
    const opened = {
      version: 1,
      newest: { history: 'h', seq: 0 },
      at: '2026-03-02T09:00:00.000Z',
      quarantined: 0,
    };
    reply(sent[0]?.id, { ok: true, result: opened });
    expect(await opening).toEqual(opened);
    requests.failAll();
    expect(await waiting).toBe('E_OUTAGE');
  });
});

describe('the wait between two tries', () => {
  it('grows to its bound and is spread over the whole window', () => {
    const limit = { firstMs: 100, maxMs: 5000 };
    expect(backOffMs(1, limit, 0)).toBe(50);
    expect(backOffMs(4, limit, 0.999)).toBeGreaterThan(800);
    expect(backOffMs(1000, limit, 0.999)).toBeLessThanOrEqual(5050);
  });
});
