/**
 * One MQTT connection at a time, made again for as long as the sync lives. Every try is a client of its own, so nothing
 * that an old connection had queued is ever sent later. Waits between tries grow with jitter.
 */
import { Socket } from 'node:net';
import {
  type DeviceAddress,
  type DeviceSecret,
  hubStateFilter,
  topicOf,
  type TopicName,
  topics,
} from '@truecount/protocol';
import mqtt from 'mqtt';
import { backOffMs, type BackOffLimits } from './back-off.ts';

export interface HubAddress {
  /** `mqtt://host:port` or `mqtts://host:port` */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Of a secret that the hub rotated: the one before, in case the hub never heard that the new one was taken. */
  readonly previousPassword?: string;
  /** Of the secret; absent where it stands in a config. */
  readonly generation?: number;
  /** PEM of the authority that signed the broker's certificate, where the system does not know it. */
  readonly ca?: string;
}

/**
 * `refused`: the broker answered and does not let this device in. `untrusted`: whoever answered showed a certificate
 * that this device does not trust.
 */
export type ClosedBecause = 'lost' | 'refused' | 'untrusted';

export interface ConnectionOptions {
  readonly hub: HubAddress;
  readonly address: DeviceAddress;
  /** Names this start of the device among its client ids, so that a copy does not end its session. */
  readonly clientId: string;
  readonly will: Uint8Array;
  readonly random: () => number;
  readonly backOff: BackOffLimits;
  readonly onOpen: () => void;
  readonly onClosed: (why: ClosedBecause) => void;
  readonly onMessage: (topic: string, payload: Uint8Array) => void;
  readonly onWarning: (text: string) => void;
}

const KEEPALIVE_S = 10;
/**
 * How long a hub may take to let this device in, doubled with every failure. A hub at which a thousand devices are back at
 * once lets them in one after the other; whoever gives up and begins anew only makes it longer.
 */
const CONNECT_WAIT = { firstMs: 30_000, maxMs: 60_000 };
/** CONNACK return codes 4 and 5 [MQTT 3.1.1, 3.2.2.3]. */
const REFUSALS = new Set([4, 5]);
/** OpenSSL's and Node's codes for a certificate that does not lead to a trusted authority or names another host. */
const UNTRUSTED = /^(CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|ERR_TLS_CERT|HOSTNAME_MISMATCH|INVALID_CA|CRL_)/;

export class Connection {
  readonly #options: ConnectionOptions;
  #client: mqtt.MqttClient | undefined;
  #hub: HubAddress;
  #isPrevious = false;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #isUp = false;
  #isEnded = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#hub = options.hub;
    this.#connect();
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  get generation(): number | undefined {
    return this.#hub.generation;
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

  /** From the next connection on; the present one goes on until it is restarted. */
  useSecret({ password, generation }: DeviceSecret): void {
    this.#hub = { ...this.#hub, previousPassword: this.#hub.password, password, generation };
    this.#isPrevious = false;
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
    const { address, clientId, will, onMessage, onWarning } = this.#options;
    const hub = this.#hub;
    const client = mqtt.connect(hub.url, {
      protocolVersion: 4,
      clean: true,
      clientId,
      username: hub.username,
      password: (this.#isPrevious ? hub.previousPassword : undefined) ?? hub.password,
      keepalive: KEEPALIVE_S,
      connectTimeout: Math.min(CONNECT_WAIT.maxMs, CONNECT_WAIT.firstMs * 2 ** Math.min(this.#failures, 8)),
      reconnectPeriod: 0,
      queueQoSZero: false,
      will: { topic: topicOf('state', address), payload: Buffer.from(will), qos: 1, retain: true },
      ...(hub.ca === undefined ? {} : { ca: hub.ca }),
    });
    this.#client = client;
    let because: ClosedBecause = 'lost';
    client.on('message', onMessage);
    client.on('error', (error) => {
      because = closedBecause(error);
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
    client.on('close', () => this.#closed(client, because));
  }

  async #subscribe(client: mqtt.MqttClient): Promise<void> {
    const { address, onWarning } = this.#options;
    const filterOf = (name: TopicName): string => topicOf(name, address, '+');
    // Without hints changes come at the next regular look; without the hub's state its absence shows when it does not
    // answer. A broker with an older access list refuses these, and so it does to a revoked device.
    const optional = ([filter, qos]: readonly [string, 0 | 1]): Promise<unknown> =>
      client
        .subscribeAsync(filter, { qos })
        .catch((error: unknown) => onWarning(`the broker refuses ${filter}: ${String(error)}`));
    await Promise.all([
      client.subscribeAsync([filterOf('reply'), filterOf('command')], { qos: 1 }),
      optional([filterOf('changed'), topics.changed.qos]),
      optional([hubStateFilter, 1]),
    ]);
    if (this.#client !== client || !client.connected) return;
    this.#isUp = true;
    this.#failures = 0;
    this.#options.onOpen();
  }

  #closed(client: mqtt.MqttClient, because: ClosedBecause): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    const wasUp = this.#isUp;
    this.#isUp = false;
    if (this.#isEnded) return;
    this.#failures += 1;
    const hasOther = this.#hub.previousPassword !== undefined;
    if (wasUp) this.#isPrevious = false;
    else if (because === 'refused' && hasOther) this.#isPrevious = !this.#isPrevious;
    // With two secrets it is only refused when neither was taken.
    const isTrying = because === 'refused' && hasOther && this.#isPrevious;
    if (wasUp || (because !== 'lost' && !isTrying)) this.#options.onClosed(isTrying ? 'lost' : because);
    const waitMs = backOffMs(this.#failures, this.#options.backOff, this.#options.random());
    this.#timer = setTimeout(() => this.#connect(), waitMs);
  }
}

function closedBecause(error: Error): ClosedBecause {
  const code: unknown = 'code' in error ? error.code : undefined;
  if (typeof code === 'number' && REFUSALS.has(code)) return 'refused';
  return typeof code === 'string' && UNTRUSTED.test(code) ? 'untrusted' : 'lost';
}

/** A packet leaves in several small writes; Nagle's algorithm would hold the last one back for 40 ms. */
function sendAtOnce({ stream }: mqtt.MqttClient): void {
  if (stream instanceof Socket) stream.setNoDelay(true);
}
