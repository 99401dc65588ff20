/** Orders that the hub wants picked here: a task per line while an order is open, none any more when it ends. */
import { evidence, type Money, type OrderDocument } from '@truecount/protocol';
import { type StoreCollections, tasksForOrder } from '../documents/index.ts';
import type { ExceptionBook, Finding } from '../exceptions/index.ts';
import { insertOnce, settle } from './exception-writer.ts';
import type { TaskContext } from './task-context.ts';
import { Turnstile } from './time-slice.ts';

export interface OrderFollowerOptions {
  readonly collections: StoreCollections;
  readonly context: () => TaskContext;
  readonly priceOf: (sku: string) => Money;
  readonly book: ExceptionBook;
  readonly judge: (findings: readonly Finding[]) => Promise<void>;
}

export class OrderFollower {
  readonly #options: OrderFollowerOptions;
  readonly #turns = new Turnstile();

  constructor(options: OrderFollowerOptions) {
    this.#options = options;
  }

  async start(onError: (error: unknown) => void): Promise<() => void> {
    const { orders } = this.#options.collections;
    for (const document of await orders.find().exec()) await this.#follow(document.toMutableJSON());
    const subscription = orders.$.subscribe(({ documentData }) => {
      this.#follow(documentData as OrderDocument).catch(onError);
    });
    return () => subscription.unsubscribe();
  }

  #follow(order: OrderDocument): Promise<void> {
    return this.#turns.run(async () => {
      const { collections, context, priceOf } = this.#options;
      for (const task of tasksForOrder(order, { ...context(), priceOf })) await insertOnce(collections, task);
      if (order.state === 'open') return;
      const known = { exception: () => undefined, transfer: () => undefined, order: () => order };
      for (const { sku } of order.lines)
        await settle(collections, `pick-${order.id}-${sku}`, context(), known);
      await this.#options.judge(this.#ended(order));
    });
  }

  /** A failed pick of an order that is over is nobody's problem any more. */
  #ended(order: OrderDocument): readonly Finding[] {
    const at = new Date(this.#options.context().nowMs).toISOString();
    return [...this.#options.book.open.values()]
      .filter((exception) => exception.kind === 'pick-failed' && exception.order === order.id)
      .map((exception) => ({
        kind: 'pick-failed',
        subject: {
          order: order.id,
          ...(exception.sku === undefined ? {} : { sku: exception.sku }),
        },
        level: 'clear',
        confidence: 0,
        exposureMinor: 0,
        evidence: () => [],
        outcome: () => evidence('order-ended', { state: order.state }, at),
      }));
  }
}
