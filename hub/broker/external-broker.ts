/**
 * A broker of its own (Mosquitto, EMQX). Several hubs may share it: requests are then spread among them by a shared
 * subscription, and a request whose hub dies is asked again by its device.
 */
import { Socket } from 'node:net';
import mqtt from 'mqtt';
import { type BrokerLink, BrokerStartError, type OnMessage } from './broker-link.ts';

export interface ExternalBrokerOptions {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** PEM of the authority that signed the broker's certificate. */
  readonly ca?: string;
  readonly onWarning?: (text: string) => void;
}

const CONNECT_TIMEOUT_MS = 10_000;
const RECONNECT_MS = 1000;
const KEEPALIVE_S = 10;
const SHARE = '$share/truecount-hub/';

export async function connectBroker(options: ExternalBrokerOptions): Promise<BrokerLink> {
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
    close: () => client.endAsync(),
  };
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
