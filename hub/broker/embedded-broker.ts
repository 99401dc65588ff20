/**
 * The broker inside the hub's process (Aedes, MQTT 3.1.1). Sessions and retained messages live in memory: after a
 * restart devices connect again and say their state again, and nothing is lost that was not a hint.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { DeviceAddress } from '@truecount/protocol';
import { Aedes, type AedesOptions, type AuthenticateError, type Client } from 'aedes';
import {
  mayHearRevoked,
  mayPublish,
  mayPublishRevoked,
  maySubscribe,
  ownsClientId,
  readUserName,
} from './access-rules.ts';
import type { BrokerLink, OnMessage, PublishOptions } from './broker-link.ts';
import { MAX_PACKET_BYTES, PacketMeter } from './packet-meter.ts';

/** Says whether this secret is the device's; a revoked device is let in only far enough to be told so. */
type Authenticate = (address: DeviceAddress, secret: string) => Promise<'known' | 'revoked' | 'unknown'>;

interface SessionRights {
  readonly address: DeviceAddress;
  readonly isRevoked: boolean;
}

export interface EmbeddedBrokerOptions {
  readonly authenticate: Authenticate;
  /** Default 127.0.0.1; anything beyond loopback needs `tls`. */
  readonly host?: string;
  /** Default 0: a free one. */
  readonly port?: number;
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly onWarning?: (text: string) => void;
}

export interface EmbeddedBroker extends BrokerLink {
  /** Lets devices in; whoever answers them subscribes before. @returns the address to connect to */
  listen(): Promise<string>;
  /** Ends every session of a device, for example because it was revoked. */
  disconnect(address: DeviceAddress): void;
}

export class InsecureBrokerError extends Error {
  readonly code = 'E_BROKER_INSECURE';
  constructor(host: string) {
    super(
      `the broker would listen on ${host} without encryption; give it a certificate or keep it on 127.0.0.1`,
    );
  }
}

/** A thousand devices that connect at once may wait for their turn with all of theirs sent. */
const CONNECT_TIMEOUT_MS = 60_000;
/**
 * Connections that wait to be taken, as many as the system allows. Of a thousand devices at once those beyond Node's 511
 * would be dropped and try again by themselves, seconds later and every time twice as late.
 */
const BACKLOG = 65_535;
const DRAIN_TIMEOUT_MS = 30_000;
const MAX_KEEPALIVE_S = 120;
const IDENTIFIER_REJECTED = 2;
const SERVER_UNAVAILABLE = 3;
const BAD_CREDENTIALS = 4;

export async function openEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const host = options.host ?? '127.0.0.1';
  if (!options.tls && !/^(127\.|::1$|localhost$)/.test(host)) throw new InsecureBrokerError(host);
  const sessions = new Map<Client, SessionRights>();
  const broker = await Aedes.createBroker(rules(sessions, options));
  broker.on('clientDisconnect', (client) => sessions.delete(client));
  const sockets = new Set<Socket>();
  const accept = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    boundPackets(socket);
    broker.handle(socket);
  };
  // A packet leaves in several small writes; Nagle's algorithm would hold the last one back for 40 ms.
  const server: Server = options.tls
    ? createTlsServer({ ...options.tls, minVersion: 'TLSv1.2', noDelay: true }, accept)
    : createServer({ noDelay: true }, accept);
  return {
    listen: async () => {
      server.listen({ port: options.port ?? 0, host, backlog: BACKLOG });
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      return `${options.tls ? 'mqtts' : 'mqtt'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
    },
    disconnect: (address) => {
      for (const [client, { address: own }] of sessions)
        if (own.store === address.store && own.device === address.device) client.close();
    },
    subscribe: (filter, _sharing, onMessage) => subscribe(broker, filter, onMessage),
    publish: (topic, payload, publishOptions) => publish(broker, topic, payload, publishOptions),
    onConnected: (listener) => listener(),
    // That a device gets a connection says it.
    announce: () => Promise.resolve(),
    close: async () => {
      server.close();
      await new Promise<void>((resolve) => {
        broker.close(resolve);
      });
      // A client that does not read its last bytes would keep the server open.
      for (const socket of sockets) socket.destroy();
    },
  };
}

function rules(sessions: Map<Client, SessionRights>, options: EmbeddedBrokerOptions): AedesOptions {
  const nameless = new WeakSet<Client>();
  return {
    connectTimeout: CONNECT_TIMEOUT_MS,
    drainTimeout: DRAIN_TIMEOUT_MS,
    keepaliveLimit: MAX_KEEPALIVE_S,
    preConnect: (client, packet, done) => {
      // [MQTT-3.1.3-8]: no client id needs a clean session. Aedes would accept it and make one up.
      if (packet.clientId === '' && !packet.clean) nameless.add(client);
      done(null, true);
    },
    authenticate: (client, userName, password, answer) => {
      const clientId = nameless.has(client) ? undefined : client.id;
      judge(clientId, userName, password, options).then(
        (verdict) => {
          if (!(verdict instanceof Error)) sessions.set(client, verdict);
          answer(verdict instanceof Error ? verdict : null, !(verdict instanceof Error));
        },
        (error: unknown) => {
          options.onWarning?.(`a device could not be authenticated: ${String(error)}`);
          answer(refusal('the hub cannot check this now', SERVER_UNAVAILABLE), false);
        },
      );
    },
    authorizePublish: (client, packet, done) => {
      const rights = client && sessions.get(client);
      const may = rights?.isRevoked ? mayPublishRevoked : mayPublish;
      // Only the hub hears devices, and it listens before they come. Aedes looks through all that is retained at every
      // subscription: a million comparisons when a thousand devices return.
      packet.retain = false;
      done(rights && may(rights.address, packet.topic) ? null : new Error(`${packet.topic} is not yours`));
    },
    authorizeSubscribe: (client, subscription, done) => {
      const rights = sessions.get(client);
      const may = rights?.isRevoked ? mayHearRevoked : maySubscribe;
      // A null subscription answers 0x80 for this filter and leaves the others alone [MQTT-3.9.3-2].
      done(null, rights && may(rights.address, subscription.topic) ? subscription : null);
    },
  };
}

async function judge(
  clientId: string | undefined,
  userName: string | undefined,
  password: Buffer | undefined,
  { authenticate }: EmbeddedBrokerOptions,
): Promise<SessionRights | AuthenticateError> {
  const address = readUserName(userName);
  if (!address || !password) return refusal('unknown device or secret', BAD_CREDENTIALS);
  if (clientId === undefined || !ownsClientId(address, clientId))
    return refusal('the client id does not belong to this device', IDENTIFIER_REJECTED);
  const verdict = await authenticate(address, password.toString());
  if (verdict === 'unknown') return refusal('unknown device or secret', BAD_CREDENTIALS);
  return { address, isRevoked: verdict === 'revoked' };
}

const refusal = (message: string, returnCode: number): AuthenticateError =>
  Object.assign(new Error(message), { returnCode });

/** Looks at what the broker is about to read. Replacing `read` keeps the socket itself, which Aedes closes. */
function boundPackets(socket: Socket): void {
  const meter = new PacketMeter(MAX_PACKET_BYTES);
  const read = socket.read.bind(socket);
  socket.read = (size?: number): unknown => {
    const chunk: unknown = read(size);
    if (!(chunk instanceof Uint8Array) || meter.accepts(chunk)) return chunk;
    socket.destroy(new Error(`a packet is larger than ${MAX_PACKET_BYTES} bytes`));
    return null;
  };
}

function subscribe(broker: Aedes, filter: string, onMessage: OnMessage): Promise<void> {
  return new Promise((resolve) => {
    const deliver = (packet: { topic: string; payload: Buffer | string }, done: () => void): void => {
      onMessage(packet.topic, Buffer.from(packet.payload));
      done();
    };
    broker.subscribe(filter, deliver, resolve);
  });
}

function publish(broker: Aedes, topic: string, payload: Uint8Array, options: PublishOptions): Promise<void> {
  const { qos, retain = false } = options;
  return new Promise((resolve, reject) => {
    const packet = { cmd: 'publish', topic, payload: Buffer.from(payload), qos, retain, dup: false } as const;
    broker.publish(packet, (error) => (error ? reject(error) : resolve()));
  });
}
