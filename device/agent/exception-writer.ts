/**
 * Writes what the book decided into the documents: the exception itself, the task that is its first answer, and
 * the end of tasks whose reason is gone. Writing the same again changes nothing, so a crash between two writes
 * is mended by the next start.
 */
import { type Exception, instant, mayWrite, type Task, taskIsOpen } from '@truecount/protocol';
import type { ExceptionChange } from '../exceptions/index.ts';
import { settledReason, type StoreCollections, taskForException } from '../documents/index.ts';
import type { TaskContext } from './task-context.ts';

export interface ExceptionWriterOptions {
  readonly collections: StoreCollections;
  readonly context: () => TaskContext;
}

export class ExceptionWriter {
  readonly #options: ExceptionWriterOptions;

  constructor(options: ExceptionWriterOptions) {
    this.#options = options;
  }

  async write(change: ExceptionChange): Promise<void> {
    const { exceptions } = this.#options.collections;
    const { exception } = change;
    switch (change.type) {
      case 'opened':
        await exceptions.upsert(exception);
        await this.ensureTask(exception);
        return;
      case 'updated':
      case 'closed': {
        const document = await exceptions.findOne(exception.id).exec();
        await document?.incrementalModify((known) => withStoreFields(known, exception, this.#store()));
        if (change.type === 'closed') await this.settleTask(exception);
        return;
      }
      default:
        change satisfies never;
    }
  }

  /** The task of an open exception exists. */
  async ensureTask(exception: Exception): Promise<void> {
    const task = taskForException(exception, this.#options.context());
    if (task !== undefined) await insertOnce(this.#options.collections, task);
  }

  async settleTask(exception: Exception): Promise<void> {
    const task = taskForException({ ...exception, state: 'open' }, this.#options.context());
    if (task === undefined) return;
    await settle(this.#options.collections, task.id, this.#options.context(), {
      exception: () => exception,
      transfer: () => undefined,
      order: () => undefined,
    });
  }

  #store(): string {
    return this.#options.context().store;
  }
}

/** The hub's fields stay as they are; the store's are replaced. */
function withStoreFields(known: Exception, next: Exception, store: string): Exception {
  const writer = { side: 'store', store } as const;
  const mine = Object.entries(next).filter(([field]) => mayWrite('exceptions', field, known, writer));
  return { ...known, ...Object.fromEntries(mine) };
}

export async function insertOnce({ tasks }: StoreCollections, task: Task): Promise<void> {
  const known = await tasks.findOne(task.id).exec();
  if (known === null) await tasks.insertIfNotExists(task);
}

/** Ends an open task whose reason is gone, saying why. */
export async function settle(
  { tasks }: StoreCollections,
  taskId: string,
  { nowMs }: TaskContext,
  known: Parameters<typeof settledReason>[1],
): Promise<void> {
  const document = await tasks.findOne(taskId).exec();
  await document?.incrementalModify((task) => {
    const reason = taskIsOpen(task) ? settledReason(task, known) : undefined;
    return reason === undefined
      ? task
      : { ...task, dismissed: { at: instant(nowMs), by: 'agent', reason: reason.slice(0, 500) } };
  });
}
