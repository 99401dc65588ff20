import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isPublish, MqttFrames, repeated, topicIn } from './mqtt-frames.ts';

/** One packet with a remaining length written as MQTT 3.1.1, 2.2.3 says. */
function packet(kind: number, body: Uint8Array): Buffer {
  const length: number[] = [];
  let left = body.length;
  do {
    const byte = left % 128;
    left = Math.floor(left / 128);
    length.push(left > 0 ? byte | 0x80 : byte);
  } while (left > 0);
  return Buffer.concat([Buffer.from([kind << 4, ...length]), body]);
}

it('gives every packet once and whole, however the bytes are cut', () => {
  const aPacket = fc
    .tuple(fc.integer({ min: 1, max: 14 }), fc.uint8Array({ maxLength: 400 }))
    .map(([kind, body]) => packet(kind, body));
  fc.assert(
    fc.property(
      fc.array(aPacket, { maxLength: 12 }),
      fc.array(fc.nat({ max: 300 }), { maxLength: 40 }),
      (packets, cuts) => {
        const frames = new MqttFrames();
        const found: Buffer[] = [];
        let stream = Buffer.concat(packets);
        for (const cut of cuts) {
          found.push(...frames.push(stream.subarray(0, cut)));
          stream = stream.subarray(cut);
        }
        found.push(...frames.push(stream));
        expect(found.map((one) => one.toString('hex'))).toEqual(packets.map((one) => one.toString('hex')));
      },
    ),
  );
});

it('marks a repeated message only where it is acknowledged', () => {
  expect(isPublish(Buffer.from([0x30, 0]))).toBe(true);
  expect(isPublish(Buffer.from([0x40, 0]))).toBe(false);
  expect(repeated(Buffer.from([0x30, 0]))[0]).toBe(0x30);
  expect(repeated(Buffer.from([0x32, 0]))[0]).toBe(0x3a);
});

it('reads the topic of a message of any length', () => {
  const topic = 'truecount/1/harbour/till/rpc/tasks/push';
  const body = (payload: number) =>
    Buffer.concat([Buffer.from([0, topic.length]), Buffer.from(topic), Buffer.alloc(2 + payload)]);
  for (const payload of [0, 200, 20_000]) expect(topicIn(packet(3, body(payload)))).toBe(topic);
});
