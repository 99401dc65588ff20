/**
 * Whether any hub is at the broker, from what the hubs say of themselves (protocol/topics.ts). Nothing is known until one
 * has said something: where the broker is inside the hub, or the hub is older, nobody says anything.
 */
import { HubState, parserFor } from '@truecount/protocol';
import { unpackMessage } from '@truecount/protocol/wire';

const parse = parserFor(HubState);

export class HubPresence {
  readonly #hubs = new Map<string, boolean>();

  /** @param payload empty when what an ended hub left behind was taken away */
  hear(instance: string, payload: Uint8Array): void {
    if (payload.length === 0) {
      this.#hubs.delete(instance);
      return;
    }
    const message = unpackMessage(payload);
    const state = message.ok ? parse(message.value) : message;
    if (state.ok) this.#hubs.set(instance, state.value.online);
  }

  /** A new connection: the broker says again what it knows. */
  forget(): void {
    this.#hubs.clear();
  }

  /** Hubs have spoken, and none of them is there now. */
  get isGone(): boolean {
    return this.#hubs.size > 0 && ![...this.#hubs.values()].includes(true);
  }
}
