/**
 * The way from one store to its broker, which can be made bad: a TCP proxy that knows MQTT packets.
 *
 * States: open (possibly slow, repeating, shuffling) | stalled (connections stay, nothing moves) | shut (connections are
 * cut and none is let in). What it does to bytes a real network or a real broker may do as well: no packet is changed,
 * none is left out of a connection that goes on, and only PUBLISH packets leave their order.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Random } from '../twin/random.ts';
import { isPublish, MqttFrames, repeated, topicIn } from './mqtt-frames.ts';

export interface LinkWeather {
  /** Every packet waits up to this long. */
  readonly delayMs: number;
  /** Share of a device's messages that arrive twice. */
  readonly repeat: number;
  /** Share of a device's messages that later ones overtake. */
  readonly shuffle: number;
}

export const FAIR: LinkWeather = { delayMs: 0, repeat: 0, shuffle: 0 };
/** An overtaken message arrives after this time at the latest. */
const MAX_OVERTAKEN_MS = 400;
/** A stalled link holds back at most this much; a real one would close its window. */
const MAX_HELD_BYTES = 8 * 1024 * 1024;

interface Pair {
  readonly client: Socket;
  readonly broker: Socket;
}

export class Link {
  weather: LinkWeather = FAIR;
  /** Hears the topic of every message of a device that passes. */
  onMessage: (topic: string, bytes: number) => void = () => undefined;
  #isShut = false;
  #stall = Promise.withResolvers<void>();
  #server: Server | undefined;
  readonly #pairs = new Set<Pair>();
  readonly #random: Random;
  readonly #target: URL;

  constructor(brokerUrl: string, random: Random) {
    this.#target = new URL(brokerUrl);
    this.#random = random;
    this.#stall.resolve();
  }

  /** @returns the address a store connects to */
  async open(): Promise<string> {
    const server = createServer((client) => this.#accept(client));
    this.#server = server;
    server.listen({ port: 0, host: '127.0.0.1', backlog: 65_535 });
    await once(server, 'listening');
    return `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  cut(): void {
    for (const { client, broker } of this.#pairs) {
      client.destroy();
      broker.destroy();
    }
  }

  shut(): void {
    this.#isShut = true;
    this.cut();
  }

  stall(): void {
    this.#stall = Promise.withResolvers<void>();
  }

  /** Open, prompt and in order. */
  heal(): void {
    this.#isShut = false;
    this.weather = FAIR;
    this.#stall.resolve();
  }

  close(): void {
    this.shut();
    this.#stall.resolve();
    this.#server?.close();
  }

  #accept(client: Socket): void {
    if (this.#isShut) {
      client.destroy();
      return;
    }
    const broker = connect(Number(this.#target.port), this.#target.hostname);
    const pair = { client, broker };
    this.#pairs.add(pair);
    const end = (): void => {
      this.#pairs.delete(pair);
      client.destroy();
      broker.destroy();
    };
    for (const socket of [client, broker]) socket.setNoDelay(true).on('close', end).on('error', end);
    this.#carry(client, broker, true);
    this.#carry(broker, client, false);
  }

  /** One direction: packets in order, each after its delay, but for messages that are overtaken. */
  #carry(from: Socket, to: Socket, isFromDevice: boolean): void {
    const frames = new MqttFrames();
    let carried = Promise.resolve();
    let heldBytes = 0;
    const write = (packet: Buffer): void => {
      if (!to.destroyed) to.write(packet);
    };
    const carry = async (packet: Buffer): Promise<void> => {
      await this.#stall.promise;
      const { delayMs, repeat, shuffle } = this.weather;
      if (delayMs > 0) await after(this.#random.between(0, delayMs));
      heldBytes -= packet.length;
      if (heldBytes <= MAX_HELD_BYTES && from.isPaused()) from.resume();
      const isMessage = isFromDevice && isPublish(packet);
      if (isMessage) this.onMessage(topicIn(packet), packet.length);
      if (isMessage && this.#random.chance(repeat)) write(repeated(packet));
      if (isMessage && this.#random.chance(shuffle))
        setTimeout(write, this.#random.between(5, MAX_OVERTAKEN_MS), packet).unref();
      else write(packet);
    };
    from.on('data', (chunk: Buffer) => {
      heldBytes += chunk.length;
      if (heldBytes > MAX_HELD_BYTES) from.pause();
      for (const packet of frames.push(chunk)) carried = carried.then(() => carry(packet));
    });
  }
}

const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
