/**
 * A broker of its own (Mosquitto, EMQX). Several hubs may share it: requests are then spread among them by a shared
 * subscription, and a request whose hub dies is asked again by its device.
 */
import { Socket } from 'node:net';
import { hubOfTopic, HubState, hubStateFilter, hubStateTopic, instant, parserFor } from '@truecount/protocol';
import { unpackMessage } from '@truecount/protocol/wire';
import mqtt from 'mqtt';
import { type BrokerLink, BrokerStartError, type OnMessage } from './broker-link.ts';

export interface ExternalBrokerOptions {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** PEM of the authority that signed the broker's certificate. */
  readonly ca?: string;
  /** Names this process among the hubs of the broker, for devices that have to know whether one is there. */
  readonly instance?: string;
  readonly onWarning?: (text: string) => void;
}

const CONNECT_TIMEOUT_MS = 10_000;
const RECONNECT_MS = 1000;
const KEEPALIVE_S = 10;
const SHARE = '$share/truecount-hub/';

export async function connectBroker(options: ExternalBrokerOptions): Promise<BrokerLink> {
  const { instance } = options;
  const client = mqtt.connect(options.url, {
    protocolVersion: 4,
    clean: true,
    keepalive: KEEPALIVE_S,
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectPeriod: RECONNECT_MS,
    // An answer that could not be sent is asked for again; keeping it would only delay newer ones.
    queueQoSZero: false,
    ...(options.username === undefined ? {} : { username: options.username }),
    ...(options.password === undefined ? {} : { password: options.password }),
    ...(options.ca === undefined ? {} : { ca: options.ca }),
    ...(instance === undefined
      ? {}
      : { will: { topic: hubStateTopic(instance), payload: presence(false), qos: 1, retain: true } }),
  });
  client.on('connect', () => sendAtOnce(client));
  client.on('error', (error) => options.onWarning?.(`the broker ${options.url}: ${error.message}`));
  await firstConnection(client, options.url);
  const routes: { readonly filter: string; readonly onMessage: OnMessage }[] = [];
  client.on('message', (topic, payload) => {
    for (const { filter, onMessage } of routes) if (topicMatches(filter, topic)) onMessage(topic, payload);
  });
  return {
    subscribe: async (filter, sharing, onMessage) => {
      routes.push({ filter, onMessage });
      const wanted = sharing === 'one' ? SHARE + filter : filter;
      const granted = await client.subscribeAsync(wanted, { qos: 1 });
      if (granted.some(({ qos }) => qos > 1))
        throw new BrokerStartError(
          `the broker refuses the hub ${filter}; give its user the access list of this hub`,
        );
    },
    publish: async (topic, payload, { qos, retain = false }) => {
      await client.publishAsync(topic, Buffer.from(payload), { qos, retain });
    },
    onConnected: (listener) => {
      if (client.connected) listener();
      client.on('connect', listener);
    },
    announce: () => (instance === undefined ? Promise.resolve() : announce(client, instance)),
    close: async () => {
      if (instance !== undefined && client.connected)
        await client.publishAsync(hubStateTopic(instance), presence(false), { qos: 1, retain: true });
      await client.endAsync();
    },
  };
}

/** What devices are told about one hub process; the last will has the time of the connection that it ends. */
const presence = (online: boolean): Buffer =>
  Buffer.from(JSON.stringify({ online, at: instant(Date.now()) }));

/** Says that this hub is there, at every connection anew, and takes away what ended hubs have left behind. */
async function announce(client: mqtt.MqttClient, instance: string): Promise<void> {
  const own = hubStateTopic(instance);
  const say = (): Promise<unknown> => client.publishAsync(own, presence(true), { qos: 1, retain: true });
  client.on('message', (topic, payload, { retain }) => {
    const isLeftBehind = hubOfTopic(topic) !== undefined && topic !== own && retain && isGone(payload);
    if (isLeftBehind) client.publish(topic, '', { qos: 1, retain: true });
  });
  client.on('connect', () => void say().catch(() => undefined));
  await say();
  await client.subscribeAsync(hubStateFilter, { qos: 1 });
}

const parseState = parserFor(HubState);

function isGone(payload: Buffer): boolean {
  const message = unpackMessage(payload);
  const state = message.ok ? parseState(message.value) : message;
  return state.ok && !state.value.online;
}

async function firstConnection(client: mqtt.MqttClient, url: string): Promise<void> {
  const signal = AbortSignal.timeout(CONNECT_TIMEOUT_MS);
  try {
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => resolve());
      signal.addEventListener('abort', () => reject(new Error('no answer in time')));
      client.once('error', reject);
    });
  } catch (error) {
    client.end(true);
    const reason = error instanceof Error ? error.message : 'unknown';
    throw new BrokerStartError(
      `the broker ${url} cannot be used: ${reason}; check its address and the credentials`,
    );
  }
}

/** A packet leaves in several small writes; Nagle's algorithm would hold the last one back for 40 ms. */
function sendAtOnce({ stream }: mqtt.MqttClient): void {
  if (stream instanceof Socket) stream.setNoDelay(true);
}

/** MQTT 3.1.1, 4.7; only `+` is used in our filters. */
function topicMatches(filter: string, topic: string): boolean {
  const wanted = filter.split('/');
  const given = topic.split('/');
  return wanted.length === given.length && wanted.every((level, at) => level === '+' || level === given[at]);
}
