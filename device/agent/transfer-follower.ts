/**
 * What a transfer's document means for this store: units that left or came in are observations, the next step is
 * a task, a new stage is news. All of it follows from the document and is written once, so it does not matter
 * how often or when the document is looked at.
 */
import { type FeedObservation, type Transfer, transferStage, type TransferStage } from '@truecount/protocol';
import { sideOf, type StoreCollections, taskForTransfer } from '../documents/index.ts';
import { insertOnce, settle } from './exception-writer.ts';
import type { TaskContext } from './task-context.ts';
import { Turnstile } from './time-slice.ts';

const TRANSFER_FEED = 'transfers';
/** Stages remembered to tell news from repetition. */
const MAX_REMEMBERED = 5000;

export interface TransferFollowerOptions {
  readonly collections: StoreCollections;
  readonly context: () => TaskContext;
  readonly observe: (feed: string, observations: readonly FeedObservation[]) => Promise<unknown>;
  readonly settleStock: (skus: readonly string[]) => Promise<void>;
  readonly onStage: (transfer: Transfer, stage: TransferStage) => void;
}

/** Units that left or entered this store, as the ledger should know them. Ids follow from the document. */
function observationsOf(transfer: Transfer, store: string): readonly FeedObservation[] {
  const side = sideOf(transfer, store);
  const step =
    side === 'donor'
      ? transfer.donor?.shipped
      : side === 'receiver'
        ? transfer.receiver?.received
        : undefined;
  if (step === undefined || step.qty === 0) return [];
  const qty = side === 'donor' ? -step.qty : step.qty;
  return [
    {
      id: `${transfer.id}-${side === 'donor' ? 'out' : 'in'}`,
      source: `transfer ${transfer.id}`.slice(0, 200),
      observation: {
        type: 'transfer',
        t: step.at,
        sku: transfer.sku,
        qty,
        reference: transfer.id.slice(0, 200),
      },
    },
  ];
}

export class TransferFollower {
  readonly #options: TransferFollowerOptions;
  readonly #turns = new Turnstile();
  readonly #stages = new Map<string, TransferStage>();

  constructor(options: TransferFollowerOptions) {
    this.#options = options;
  }

  /** Looks at every transfer once, then at each one that changes, here or at the hub. */
  async start(onError: (error: unknown) => void): Promise<() => void> {
    const { transfers } = this.#options.collections;
    for (const document of await transfers.find().exec()) {
      const transfer = document.toMutableJSON();
      this.#stages.set(transfer.id, transferStage(transfer));
      await this.follow(transfer);
    }
    const subscription = transfers.$.subscribe(({ documentData }) => {
      const { id } = documentData as Transfer;
      void transfers
        .findOne(id)
        .exec()
        .then((document) => document && this.follow(document.toMutableJSON()))
        .catch(onError);
    });
    return () => subscription.unsubscribe();
  }

  follow(transfer: Transfer): Promise<void> {
    return this.#turns.run(async () => {
      const { collections, context, observe, settleStock, onStage } = this.#options;
      const stage = transferStage(transfer);
      if (this.#stages.get(transfer.id) !== stage) {
        this.#remember(transfer.id, stage);
        onStage(transfer, stage);
      }
      const moved = observationsOf(transfer, context().store);
      if (moved.length > 0) {
        await observe(TRANSFER_FEED, moved);
        await settleStock([transfer.sku]);
      }
      const task = taskForTransfer(transfer, context());
      if (task !== undefined) await insertOnce(collections, task);
      const known = { exception: () => undefined, transfer: () => transfer, order: () => undefined };
      for (const kind of ['ship', 'receive'] as const)
        if (task?.kind !== kind) await settle(collections, `${kind}-${transfer.id}`, context(), known);
    });
  }

  #remember(id: string, stage: TransferStage): void {
    this.#stages.delete(id);
    this.#stages.set(id, stage);
    const [oldest] = this.#stages.keys();
    if (this.#stages.size > MAX_REMEMBERED && oldest !== undefined) this.#stages.delete(oldest);
  }
}
