import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import fc from 'fast-check';
import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_MESSAGE_BYTES, topicOf, topics, type TopicName } from '../../protocol/index.ts';
import { describeOnEachBroker, SECRET, type TrialBroker } from '../../test/servers/brokers.ts';
import { mosquittoProgram, startMosquitto } from '../../test/servers/mosquitto.ts';
import { skippedWithout } from '../../test/servers/programs.ts';
import { mayPublish, maySubscribe } from './access-rules.ts';
import { connectBroker, InsecureBrokerError, mosquittoPasswordLine, openEmbeddedBroker } from './index.ts';
import { PacketMeter } from './packet-meter.ts';

const own = { store: 'harbour', device: 'agent' };
const other = { store: 'market', device: 'agent' };

describeOnEachBroker('a broker', ['harbour/agent', 'market/agent'], (open) => {
  let trial: TrialBroker;
  const clients: mqtt.MqttClient[] = [];
  beforeAll(async () => {
    trial = await open();
  });
  afterAll(async () => {
    for (const client of clients) client.end(true);
    await trial.close();
  });
  const connect = async (options: mqtt.IClientOptions = {}): Promise<mqtt.MqttClient> => {
    const client = await mqtt.connectAsync(trial.url, {
      protocolVersion: 4,
      reconnectPeriod: 0,
      username: 'harbour/agent',
      password: SECRET,
      clientId: `agent.${clients.length}`,
      ...options,
    });
    clients.push(client);
    return client;
  };
  /** Everything the hub hears below `truecount/1/+/+/state` from now on. */
  const heardStates = async (onState: (payload: string) => void = () => undefined): Promise<string[]> => {
    const heard: string[] = [];
    await trial.hub.subscribe('truecount/1/+/+/state', 'every', (topic, payload) => {
      const text = Buffer.from(payload).toString();
      heard.push(`${topic} ${text}`);
      onState(text);
    });
    return heard;
  };

  it('lets a device speak and hear in its own branch', async () => {
    const heard = Promise.withResolvers<string>();
    await trial.hub.subscribe(`truecount/1/+/+/rpc/+/pull`, 'one', (topic) => heard.resolve(topic));
    const device = await connect();
    const answer = new Promise<string>((resolve) => {
      device.once('message', (_topic, payload) => resolve(String(payload)));
    });
    const granted = await device.subscribeAsync(topicOf('reply', own, '+'), { qos: 1 });
    expect(granted[0]?.qos).toBe(1);
    await device.publishAsync(topicOf('pull', own, 'exceptions'), 'question', { qos: 1 });
    expect(await heard.promise).toBe(topicOf('pull', own, 'exceptions'));
    await trial.hub.publish(topicOf('reply', own, 'r-1'), Buffer.from('answer'), { qos: 1 });
    expect(await answer).toBe('answer');
  });

  it("keeps a device out of another's branch, in both directions", async () => {
    const heard = await heardStates();
    const device = await connect();
    const eavesdropped: string[] = [];
    device.on('message', (topic) => eavesdropped.push(topic));
    for (const filter of [topicOf('command', other), 'truecount/1/+/+/command', '#', topicOf('state', other)])
      await device.subscribeAsync(filter, { qos: 1 }).catch(() => undefined);
    await trial.hub.publish(topicOf('command', other), Buffer.from('secret'), { qos: 1 });
    // Aedes ends the session of a device that tries, Mosquitto drops the message; nobody hears it.
    device.publish(topicOf('state', other), 'forged', { qos: 1 }, () => undefined);
    await new Promise((resolve) => {
      device.once('close', () => resolve('ended')).once('packetreceive', () => resolve('dropped'));
    });
    const honest = await connect();
    await honest.publishAsync(topicOf('state', own), 'honest', { qos: 1 });
    await trial.hub.publish(topicOf('state', other), Buffer.from('mark'), { qos: 1 });
    expect(heard).toEqual([`${topicOf('state', own)} honest`, `${topicOf('state', other)} mark`]);
    expect(eavesdropped).toEqual([]);
  });

  it('refuses wrong secrets, strangers and no credentials at all', async () => {
    for (const wrong of [
      { password: 'guess' },
      { username: 'harbour/nobody', password: 'guess' },
      { username: '' },
    ])
      await expect(connect(wrong)).rejects.toMatchObject({ code: expect.toBeOneOf([2, 4, 5]) as number });
  });

  it('refuses an empty client id without a clean session', async () => {
    const url = new URL(trial.url);
    const socket = connectTcp(Number(url.port), url.hostname);
    await once(socket, 'connect');
    const text = (value: string) => Buffer.concat([Buffer.from([0, value.length]), Buffer.from(value)]);
    const body = Buffer.concat([
      text('MQTT'),
      Buffer.from([4, 0b1100_0000, 0, 10]),
      text(''),
      text('harbour/agent'),
      text(SECRET),
    ]);
    socket.write(Buffer.concat([Buffer.from([0x10, body.length]), body]));
    const [connack] = (await once(socket, 'data')) as [Buffer];
    expect([...connack.subarray(0, 4)]).toEqual([0x20, 2, 0, 2]);
    socket.destroy();
  });

  it('speaks the last will of a device that vanishes', async () => {
    const will = {
      topic: topicOf('state', own),
      payload: Buffer.from('gone'),
      qos: 1,
      retain: true,
    } as const;
    const gone = Promise.withResolvers<void>();
    const heard = await heardStates((text) => text === 'gone' && gone.resolve());
    const device = await connect({ will });
    await device.publishAsync(topicOf('state', own), 'here', { qos: 1, retain: true });
    device.stream.destroy();
    await gone.promise;
    expect(heard.slice(-2)).toEqual([`${topicOf('state', own)} here`, `${topicOf('state', own)} gone`]);
  });

  it('cuts off whoever sends more than one message may hold', async () => {
    const device = await connect();
    device.on('error', () => undefined);
    const closed = new Promise((resolve) => {
      device.once('close', () => resolve(undefined));
    });
    device.publish(topicOf('alert', own), Buffer.alloc(MAX_MESSAGE_BYTES * 3), { qos: 1 }, () => undefined);
    await closed;
    expect(device.connected).toBe(false);
  });
});

describe.skipIf(skippedWithout('mosquitto', mosquittoProgram))('an external broker', () => {
  it('gives a hub that comes later the newest state of every device', async () => {
    const server = await startMosquitto();
    const early = await connectBroker({ url: server.url, ...server.hubCredentials });
    await early.publish(topicOf('state', own), Buffer.from('gone'), { qos: 1, retain: true });
    await early.close();
    const late = await connectBroker({ url: server.url, ...server.hubCredentials });
    const heard = Promise.withResolvers<string>();
    await late.subscribe('truecount/1/+/+/state', 'every', (_topic, payload) =>
      heard.resolve(Buffer.from(payload).toString()),
    );
    expect(await heard.promise).toBe('gone');
    await late.close();
    await server.stop();
  });

  it('gives each request to one of several hubs', async () => {
    const server = await startMosquitto();
    await server.admit([mosquittoPasswordLine('harbour/agent', SECRET)]);
    const heard: string[] = [];
    const hubs = await Promise.all(
      [1, 2, 3].map(() => connectBroker({ url: server.url, ...server.hubCredentials })),
    );
    const all = Promise.withResolvers<void>();
    for (const hub of hubs)
      await hub.subscribe('truecount/1/+/+/rpc/+/push', 'one', (_topic, payload) => {
        heard.push(Buffer.from(payload).toString());
        if (heard.length === 30) all.resolve();
      });
    const device = await mqtt.connectAsync(server.url, {
      protocolVersion: 4,
      username: 'harbour/agent',
      password: SECRET,
      clientId: 'agent.1',
    });
    const asked = Array.from({ length: 30 }, (_, n) => String(n));
    for (const n of asked) await device.publishAsync(topicOf('push', own, 'tasks'), n, { qos: 1 });
    await all.promise;
    expect(heard.toSorted()).toEqual(asked.toSorted());
    await device.endAsync();
    for (const hub of hubs) await hub.close();
    await server.stop();
  });
});

describe('the embedded broker', () => {
  it('does not listen beyond loopback without encryption', async () => {
    const opening = openEmbeddedBroker({ host: '0.0.0.0', authenticate: () => Promise.resolve('known') });
    await expect(opening).rejects.toBeInstanceOf(InsecureBrokerError);
  });

  it("does not let a device take over another one's session by its client id", async () => {
    const hub = await openEmbeddedBroker({ authenticate: () => Promise.resolve('known') });
    const url = await hub.listen();
    const stolen = { username: 'harbour/agent', password: 'x', clientId: 'till.1', reconnectPeriod: 0 };
    await expect(mqtt.connectAsync(url, { ...stolen, protocolVersion: 4 })).rejects.toMatchObject({
      code: 2,
    });
    await hub.close();
  });
});

describe('access rules', () => {
  const names = Object.keys(topics) as TopicName[];

  it('allow exactly the topics of the map, each in its direction', () => {
    for (const name of names) {
      const isOfDevice = topics[name].from === 'device';
      expect(mayPublish(own, topicOf(name, own, 'x'))).toBe(isOfDevice);
      expect(maySubscribe(own, topicOf(name, own, '+'))).toBe(!isOfDevice);
      expect(mayPublish(own, topicOf(name, other, 'x'))).toBe(false);
      expect(maySubscribe(own, topicOf(name, other, '+'))).toBe(false);
    }
  });

  it('grant no filter that could match anything outside the own branch', () => {
    const level = fc.constantFrom(
      'truecount',
      '1',
      'harbour',
      'agent',
      'rpc',
      'reply',
      'command',
      '+',
      '#',
      '',
    );
    fc.assert(
      fc.property(fc.array(level, { minLength: 1, maxLength: 8 }), (levels) => {
        const filter = levels.join('/');
        const isOwn = filter.startsWith('truecount/1/harbour/agent/') && !filter.includes('#');
        expect(maySubscribe(own, filter) && !isOwn).toBe(false);
      }),
    );
  });
});

describe('the packet meter', () => {
  const packet = (bytes: number): Buffer => {
    const length: number[] = [];
    for (let rest = bytes; ; ) {
      const digit = rest % 128;
      rest = Math.floor(rest / 128);
      length.push(rest > 0 ? digit | 0x80 : digit);
      if (rest === 0) break;
    }
    return Buffer.concat([Buffer.from([0x30, ...length]), Buffer.alloc(bytes, 0xff)]);
  };

  it('passes whole streams of packets within the bound, however they are cut, and no other', () => {
    const sizes = fc.array(fc.nat(3000), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        sizes,
        fc.integer({ min: 1, max: 700 }),
        fc.integer({ min: 100, max: 2500 }),
        (all, cut, bound) => {
          const meter = new PacketMeter(bound);
          const stream = Buffer.concat(all.map(packet));
          let isAccepted = true;
          for (let at = 0; at < stream.length && isAccepted; at += cut)
            isAccepted = meter.accepts(stream.subarray(at, at + cut));
          expect(isAccepted).toBe(all.every((bytes) => bytes <= bound));
        },
      ),
    );
  });

  it('refuses a length of more than four digits', () => {
    expect(new PacketMeter(1e9).accepts(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80, 0x01]))).toBe(false);
  });
});
