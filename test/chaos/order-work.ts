/** Orders that a shop system gives the hub, each asked for with the same id until the hub has taken it. */
import { setTimeout as after } from 'node:timers/promises';
import type { Random } from '../twin/random.ts';
import { SKUS } from './work.ts';
import type { World } from './world.ts';

const EVERY_MS = 1200;
const AGAIN_MS = 300;
const PROMISED_IN_MS = 4 * 3_600_000;

export class OrderWork {
  /** Id of every order the hub has taken, to its store. */
  readonly accepted = new Map<string, string>();
  readonly #world: World;
  readonly #random: Random;
  readonly #stop = new AbortController();
  #work: Promise<void> = Promise.resolve();

  constructor(world: World, random: Random) {
    this.#world = world;
    this.#random = random;
  }

  start(): void {
    this.#work = this.#order();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#work;
  }

  async #order(): Promise<void> {
    const { signal } = this.#stop;
    for (let n = 0; !signal.aborted; n += 1) {
      const id = `order-${n}`;
      const store = this.#random.pick(this.#world.stores).id;
      const order = {
        id,
        store,
        token: `token-${n}`,
        serviceClass: 'standard',
        promisedAt: new Date(Date.now() + PROMISED_IN_MS).toISOString(),
        lines: [{ sku: this.#random.pick(SKUS), qty: 1 }],
      };
      while (!signal.aborted) {
        try {
          await this.#world.askHub('orders', order);
          this.accepted.set(id, store);
          break;
        } catch {
          await pause(AGAIN_MS, signal);
        }
      }
      await pause(this.#random.between(0.5, 1.5) * EVERY_MS, signal);
    }
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await after(ms, undefined, { signal }).catch(() => undefined);
}
