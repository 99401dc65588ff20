import { describe, expect, it } from 'vitest';
import { gathered } from './gathered.ts';

describe('questions that come at the same time', () => {
  it('are answered together, each with its own answer', async () => {
    const rounds: number[] = [];
    const double = gathered<number, number>(async (numbers) => {
      rounds.push(numbers.length);
      return Promise.resolve(numbers.map((n) => 2 * n));
    });
    const answers = await Promise.all(Array.from({ length: 1200 }, (_, n) => double(n)));
    expect(answers).toEqual(Array.from({ length: 1200 }, (_, n) => 2 * n));
    expect(rounds).toEqual([500, 500, 200]);
  });

  it('wait for the next round while one is under way', async () => {
    const rounds: (readonly string[])[] = [];
    const first = Promise.withResolvers<void>();
    const ask = gathered<string, string>(async (words) => {
      rounds.push(words);
      if (rounds.length === 1) await first.promise;
      return words;
    });
    const one = ask('one');
    await new Promise((resolve) => setImmediate(resolve));
    const others = [ask('two'), ask('three')];
    first.resolve();
    expect(await Promise.all([one, ...others])).toEqual(['one', 'two', 'three']);
    expect(rounds).toEqual([['one'], ['two', 'three']]);
  });

  it('fail together, and the next ones are asked again', async () => {
    let isBroken = true;
    const ask = gathered<number, number>((numbers) =>
      isBroken ? Promise.reject(new Error('away')) : Promise.resolve(numbers),
    );
    const failed = await Promise.allSettled([ask(1), ask(2)]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    isBroken = false;
    expect(await ask(3)).toBe(3);
  });

  it('are asked one by one when the database cannot take one of them', async () => {
    const ask = gathered<string, string>((words) =>
      words.includes('bad')
        ? Promise.reject(Object.assign(new Error('invalid byte'), { code: '22021' }))
        : Promise.resolve(words),
    );
    const settled = await Promise.allSettled([ask('one'), ask('bad'), ask('two')]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});
