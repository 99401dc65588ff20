/**
 * A revoked device is told why over the connection that ends with its access. A broker may end it with bytes still on
 * their way, so the hub waits, for a short time, until the device has shown that it heard: it asks to be let in again.
 */
import type { DeviceAddress } from '@truecount/protocol';

/** A device that does not answer loses its connection all the same; intake refuses it from the start. */
const WAIT_MS = 2000;

export class Farewells {
  readonly #waiting = new Map<string, () => void>();

  /** A revoked device has asked to be let in. */
  heard(address: DeviceAddress): void {
    this.#waiting.get(keyOf(address))?.();
  }

  /** Says goodbye. @returns resolves when the device has heard, or has had its time */
  async say(address: DeviceAddress, tell: () => Promise<void>): Promise<void> {
    const key = keyOf(address);
    const answered = Promise.withResolvers<void>();
    const timer = setTimeout(answered.resolve, WAIT_MS);
    this.#waiting.set(key, answered.resolve);
    try {
      await tell();
      await answered.promise;
    } finally {
      clearTimeout(timer);
      if (this.#waiting.get(key) === answered.resolve) this.#waiting.delete(key);
    }
  }
}

const keyOf = ({ store, device }: DeviceAddress): string => `${store}/${device}`;
