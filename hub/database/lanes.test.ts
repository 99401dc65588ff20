import { setTimeout as after } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Lanes } from './lanes.ts';

describe('the lanes of one connection', () => {
  it('let one work at a time, prompt work before background work that came earlier', async () => {
    const lanes = new Lanes();
    const done: string[] = [];
    let running = 0;
    const work = (name: string) => async () => {
      running += 1;
      expect(running).toBe(1);
      await after(1);
      running -= 1;
      done.push(name);
    };
    await Promise.all([
      lanes.run('prompt', work('first')),
      lanes.run('background', work('follow-up')),
      lanes.run('prompt', work('second')),
      lanes.run('prompt', work('third')),
    ]);
    expect(done).toEqual(['first', 'second', 'third', 'follow-up']);
  });

  it('let background work go on under a flood of prompt work', async () => {
    const lanes = new Lanes();
    const over = new AbortController();
    const flood = async (): Promise<void> => {
      while (!over.signal.aborted) await lanes.run('prompt', () => after(1));
    };
    const floods = [flood(), flood(), flood()];
    let done = 0;
    for (let n = 0; n < 3; n += 1) await lanes.run('background', () => Promise.resolve((done += 1)));
    expect(done).toBe(3);
    over.abort();
    await Promise.all(floods);
  });

  it('let everybody in who is at the door before the next one is served', async () => {
    const lanes = new Lanes();
    const done: string[] = [];
    const work = (name: string) => async () => {
      await after(1);
      done.push(name);
    };
    const begun = Promise.withResolvers<void>();
    const served = lanes.run('prompt', async () => {
      begun.resolve();
      await work('served')();
    });
    await begun.promise;
    await Promise.all([
      served,
      lanes.run('prompt', work('waiting')),
      lanes.run('background', work('follow-up')),
      lanes.run('door', work('at the door')),
      lanes.run('door', work('behind')),
    ]);
    expect(done).toEqual(['served', 'at the door', 'behind', 'waiting', 'follow-up']);
  });

  it('let the event loop turn between work that never waits for it', async () => {
    const lanes = new Lanes();
    let done = 0;
    const busyForAMoment = (): Promise<void> => {
      const until = performance.now() + 1;
      while (performance.now() < until);
      done += 1;
      return Promise.resolve();
    };
    const heard = new Promise<number>((resolve) => {
      setTimeout(() => resolve(done), 0);
    });
    await Promise.all(Array.from({ length: 300 }, () => lanes.run('prompt', busyForAMoment)));
    expect(await heard).toBeLessThan(300);
  });

  it('go on after work that failed', async () => {
    const lanes = new Lanes();
    await expect(lanes.run('prompt', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(lanes.run('background', () => Promise.resolve('yes'))).resolves.toBe('yes');
  });
});
