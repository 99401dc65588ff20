import fc from 'fast-check';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { commonVersion, MAX_MESSAGE_BYTES } from './replication.ts';
import { filterOf, readTopic, topicOf, type TopicName, topics } from './topics.ts';
import { packMessage, splitBySize, unpackMessage } from './wire.ts';

describe('topics', () => {
  const names = Object.keys(topics) as TopicName[];
  const address = { store: 'harbour-2', device: 'b1f0_X-9' };

  it.each(names)('reads %s back from what it wrote', (name) => {
    const part = topics[name].pattern.includes('+') ? 'exceptions' : '';
    expect(readTopic(topicOf(name, address, part))).toEqual({ name, address, part });
  });

  it('refuses everything else', () => {
    for (const topic of [
      '',
      'truecount/2/harbour/d/state',
      'truecount/1/Harbour/d/state',
      'truecount/1/harbour/d/state/more',
      'truecount/1/harbour/d e/state',
      'truecount/1/harbour//state',
      'truecount/1/harbour/d/rpc/pull',
    ])
      expect(readTopic(topic)).toBeUndefined();
  });

  it('keeps the hub from hearing its own answers', () => {
    const filters = names.filter((name) => topics[name].from === 'device').map(filterOf);
    expect(filters.some((filter) => filter.endsWith('rpc/+/+') || filter.endsWith('reply'))).toBe(false);
  });
});

describe('protocol versions', () => {
  it('takes the newest common one, also with a device two versions older', () => {
    expect(commonVersion([3, 2, 1], [5, 4, 3])).toBe(3);
    expect(commonVersion([1], [5, 4, 3])).toBeUndefined();
  });
});

describe('messages on the wire', () => {
  it('come back as they were, packed or not', () => {
    fc.assert(
      fc.property(fc.object(), fc.nat(5000), (value, padding) => {
        const message = { value: JSON.parse(JSON.stringify(value)) as unknown, text: 'x'.repeat(padding) };
        expect(unpackMessage(packMessage(message))).toEqual({ ok: true, value: message });
      }),
    );
  });

  it('may be plain, gzip or zstd', () => {
    const json = Buffer.from('{"a":1}');
    for (const bytes of [json, gzipSync(json), zstdCompressSync(json)])
      expect(unpackMessage(bytes)).toEqual({ ok: true, value: { a: 1 } });
  });

  it('never throw, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(typeof unpackMessage(bytes).ok).toBe('boolean');
      }),
    );
  });

  it('are bounded, also unpacked', () => {
    const bomb = Buffer.from(JSON.stringify('x'.repeat(MAX_MESSAGE_BYTES * 40)));
    for (const bytes of [bomb, gzipSync(bomb), zstdCompressSync(bomb)])
      expect(unpackMessage(bytes).ok).toBe(false);
    expect(() => packMessage('x'.repeat(MAX_MESSAGE_BYTES))).toThrow('split it');
  });

  it('split into runs that keep the order, lose nothing and stay below the bound', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 60 })),
        fc.integer({ min: 10, max: 200 }),
        (items, bound) => {
          const runs = splitBySize(items, bound);
          expect(runs.flat()).toEqual(items);
          for (const run of runs)
            expect(run.length === 1 || Buffer.byteLength(JSON.stringify(run)) - 1 <= bound).toBe(true);
        },
      ),
    );
  });
});
