/**
 * Lets one store's day happen: asks the world what is due, prints tickets on the till's line and drops the back
 * office's files into the inbox. Bounded: a till whose line nobody reads queues a few tickets and then loses paper,
 * as a real printer would, and says so.
 */
import type { Inbox } from './books.ts';
import type { Product } from './recording.ts';
import { printTicket } from './till.ts';
import type { StoreWorld } from './world.ts';

const QUEUE_MAX_BYTES = 64 * 1024;

export interface TillLine {
  write(bytes: Uint8Array): void;
  /** Bytes written and not yet read by the other end, as far as it is known. */
  queuedBytes(): number;
}

export class Player {
  readonly world: StoreWorld;
  readonly #till: TillLine;
  readonly #inbox: Inbox;
  readonly #products: ReadonlyMap<string, Product>;
  lostTickets = 0;

  constructor(world: StoreWorld, till: TillLine, inbox: Inbox, products: ReadonlyMap<string, Product>) {
    this.world = world;
    this.#till = till;
    this.#inbox = inbox;
    this.#products = products;
  }

  /** Plays everything due before `untilMs` on the demo's clock. */
  play(untilMs: number): void {
    for (const event of this.world.advance(untilMs)) {
      if (event.kind !== 'ticket') {
        this.#inbox.append(event);
        continue;
      }
      if (this.#till.queuedBytes() > QUEUE_MAX_BYTES) this.lostTickets++;
      else this.#till.write(printTicket(this.world.store.name, event, this.#products));
    }
  }
}
