/** Every kind of topic, every relation of two devices, both directions, tried at a running broker of each kind. */
import mqtt from 'mqtt';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DeviceAddress, hubStateTopic, topicOf, type TopicName, topics } from '../../protocol/index.ts';
import { describeOnEachBroker, SECRET, type TrialBroker } from '../../test/servers/brokers.ts';

const own = { store: 'harbour', device: 'agent' };
const others: Readonly<Record<string, DeviceAddress>> = {
  'another device of its store': { store: 'harbour', device: 'till' },
  'a device of another store': { store: 'market', device: 'agent' },
  'the same name in another store': { store: 'market', device: 'till' },
  'a store whose name begins like its own': { store: 'harbour-2', device: 'agent' },
};
const names = Object.keys(topics) as TopicName[];

describeOnEachBroker('what a device may say and hear', ['harbour/agent'], (open) => {
  let trial: TrialBroker;
  let marks = 0;
  /** Everything that got through to the hub. */
  const atHub: string[] = [];
  const listeners = new Set<() => void>();
  beforeAll(async () => {
    trial = await open();
    await trial.hub.subscribe('truecount/1/+/+/+', 'every', hear);
    await trial.hub.subscribe('truecount/1/+/+/+/+', 'every', hear);
    await trial.hub.subscribe('truecount/1/+/+/+/+/+', 'every', hear);
    await trial.hub.subscribe('truecount/1/+/+', 'every', hear);
  });
  afterAll(() => trial.close());
  const hear = (topic: string, payload: Uint8Array): void => {
    atHub.push(`${topic} ${Buffer.from(payload).toString()}`);
    for (const listener of listeners) listener();
  };
  const connect = (): Promise<mqtt.MqttClient> =>
    mqtt.connectAsync(trial.url, {
      protocolVersion: 4,
      reconnectPeriod: 0,
      username: 'harbour/agent',
      password: SECRET,
      clientId: `agent.${(marks += 1)}`,
    });
  const onceAtHub = (line: string): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!atHub.includes(line)) return;
        listeners.delete(look);
        resolve();
      };
      listeners.add(look);
      look();
    });

  /** Whether a message on this topic reaches the hub. A broker answers a forbidden one by silence or by ending. */
  const mayPublish = async (topic: string): Promise<boolean> => {
    const mark = `m${(marks += 1)}`;
    const device = await connect();
    device.on('error', () => undefined);
    device.publish(topic, mark, { qos: 1 }, () => undefined);
    await new Promise<void>((resolve) => {
      device.once('close', () => resolve()).once('packetreceive', () => resolve());
    });
    device.end(true);
    const honest = await connect();
    await honest.publishAsync(topicOf('state', own), `done ${mark}`, { qos: 1 });
    // What came before this one has arrived or never will.
    await onceAtHub(`${topicOf('state', own)} done ${mark}`);
    honest.end(true);
    return atHub.includes(`${topic} ${mark}`);
  };

  /** Whether a message of the hub on this topic reaches a device that asks for it. */
  const mayHear = async (filter: string, topic: string): Promise<boolean> => {
    const mark = `m${(marks += 1)}`;
    const device = await connect();
    const heard: string[] = [];
    const isMarked = Promise.withResolvers<void>();
    device.on('message', (on, payload) => {
      heard.push(`${on} ${String(payload)}`);
      if (on === topicOf('command', own) && String(payload) === `end ${mark}`) isMarked.resolve();
    });
    await device.subscribeAsync(topicOf('command', own), { qos: 1 });
    await device.subscribeAsync(filter, { qos: 1 }).catch(() => undefined);
    await trial.hub.publish(topic, Buffer.from(mark), { qos: 1 });
    await trial.hub.publish(topicOf('command', own), Buffer.from(`end ${mark}`), { qos: 1 });
    await isMarked.promise;
    device.end(true);
    return heard.includes(`${topic} ${mark}`);
  };

  it.each(names)('its own branch: %s', async (name) => {
    const topic = topicOf(name, own, 'x');
    expect(await mayPublish(topic)).toBe(topics[name].from === 'device');
    expect(await mayHear(topicOf(name, own, '+'), topic)).toBe(topics[name].from === 'hub');
  });

  it.each(Object.entries(others))('nothing of %s', async (_who, other) => {
    for (const name of names) {
      const topic = topicOf(name, other, 'x');
      expect([name, await mayPublish(topic)]).toEqual([name, false]);
      expect([name, await mayHear(topicOf(name, other, '+'), topic)]).toEqual([name, false]);
    }
  });

  it('of the hubs that they are there, and nothing by wildcards', async () => {
    const topic = hubStateTopic('one');
    expect(await mayHear(hubStateTopic('+'), topic)).toBe(true);
    expect(await mayPublish(topic)).toBe(false);
    const other = topicOf('command', { store: 'market', device: 'agent' });
    for (const filter of [
      '#',
      '+/+/+/+/+',
      'truecount/1/+/agent/command',
      'truecount/1/#',
      'truecount/1/market/#',
    ])
      expect([filter, await mayHear(filter, other)]).toEqual([filter, false]);
  });
});
