/**
 * One MQTT connection at a time, made again for as long as the sync lives. Every try is a client of its own, so nothing
 * that an old connection had queued is ever sent later. Waits between tries grow with jitter.
 */
import { Socket } from 'node:net';
import { type DeviceAddress, topicOf, type TopicName, topics } from '@truecount/protocol';
import mqtt from 'mqtt';
import { backOffMs, type BackOffLimits } from './back-off.ts';

export interface HubAddress {
  /** `mqtt://host:port` or `mqtts://host:port` */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** PEM of the authority that signed the broker's certificate, where the system does not know it. */
  readonly ca?: string;
}

export interface ConnectionOptions {
  readonly hub: HubAddress;
  readonly address: DeviceAddress;
  /** Names this start of the device among its client ids, so that a copy does not end its session. */
  readonly clientId: string;
  readonly will: Uint8Array;
  readonly random: () => number;
  readonly backOff: BackOffLimits;
  readonly onOpen: () => void;
  /** @param refused the broker answered and does not let this device in */
  readonly onClosed: (refused: boolean) => void;
  readonly onMessage: (topic: string, payload: Uint8Array) => void;
  readonly onWarning: (text: string) => void;
}

const KEEPALIVE_S = 10;
const CONNECT_TIMEOUT_MS = 8000;
/** CONNACK return codes 4 and 5 [MQTT 3.1.1, 3.2.2.3]. */
const REFUSALS = new Set([4, 5]);

export class Connection {
  readonly #options: ConnectionOptions;
  #client: mqtt.MqttClient | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #isUp = false;
  #isEnded = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#connect();
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Drops what cannot be sent now: every message of ours is either asked for again or said again. */
  publish(name: TopicName, part: string, payload: Uint8Array): void {
    const { qos, retain } = topics[name];
    if (!this.#client || !this.#isUp) return;
    const topic = topicOf(name, this.#options.address, part);
    this.#client.publish(topic, Buffer.from(payload), { qos, retain }, () => undefined);
  }

  /** Ends the present connection and makes another one, for example because the hub went silent. */
  restart(): void {
    this.#client?.end(true);
  }

  /** @param farewell the last state this device says of itself */
  async end(farewell: Uint8Array): Promise<void> {
    this.#isEnded = true;
    clearTimeout(this.#timer);
    const client = this.#client;
    if (!client) return;
    if (this.#isUp) {
      const topic = topicOf('state', this.#options.address);
      const said = client.publishAsync(topic, Buffer.from(farewell), { qos: 1, retain: true });
      await Promise.race([said, new Promise((resolve) => setTimeout(resolve, 1000).unref())]).catch(
        () => undefined,
      );
    }
    await client.endAsync(!this.#isUp).catch(() => undefined);
  }

  #connect(): void {
    const { hub, address, clientId, will, onMessage, onWarning } = this.#options;
    const client = mqtt.connect(hub.url, {
      protocolVersion: 4,
      clean: true,
      clientId,
      username: hub.username,
      password: hub.password,
      keepalive: KEEPALIVE_S,
      connectTimeout: CONNECT_TIMEOUT_MS,
      reconnectPeriod: 0,
      queueQoSZero: false,
      will: { topic: topicOf('state', address), payload: Buffer.from(will), qos: 1, retain: true },
      ...(hub.ca === undefined ? {} : { ca: hub.ca }),
    });
    this.#client = client;
    let isRefused = false;
    client.on('message', onMessage);
    client.on('error', (error) => {
      isRefused ||= 'code' in error && REFUSALS.has(error.code);
      onWarning(`the way to the hub: ${error.message || String((error as { code?: unknown }).code)}`);
      client.end(true);
    });
    client.on('connect', () => {
      sendAtOnce(client);
      this.#subscribe(client).catch((error: unknown) => {
        onWarning(`the broker refuses this device its own topics: ${String(error)}`);
        client.end(true);
      });
    });
    client.on('close', () => this.#closed(client, isRefused));
  }

  async #subscribe(client: mqtt.MqttClient): Promise<void> {
    const names = (Object.keys(topics) as TopicName[]).filter((name) => topics[name].from === 'hub');
    const filters = names.map((name) => [
      topicOf(name, this.#options.address, '+'),
      { qos: topics[name].qos },
    ]);
    const granted = await client.subscribeAsync(Object.fromEntries(filters) as mqtt.ISubscriptionMap);
    if (granted.some(({ qos }) => qos > 1)) throw new Error('a subscription was refused');
    if (this.#client !== client || !client.connected) return;
    this.#isUp = true;
    this.#failures = 0;
    this.#options.onOpen();
  }

  #closed(client: mqtt.MqttClient, isRefused: boolean): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    const wasUp = this.#isUp;
    this.#isUp = false;
    if (this.#isEnded) return;
    this.#failures += 1;
    if (wasUp || isRefused) this.#options.onClosed(isRefused);
    const waitMs = backOffMs(this.#failures, this.#options.backOff, this.#options.random());
    this.#timer = setTimeout(() => this.#connect(), waitMs);
  }
}

/** A packet leaves in several small writes; Nagle's algorithm would hold the last one back for 40 ms. */
function sendAtOnce({ stream }: mqtt.MqttClient): void {
  if (stream instanceof Socket) stream.setNoDelay(true);
}
