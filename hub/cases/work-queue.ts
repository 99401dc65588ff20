/**
 * Follow-up work, committed with the change that causes it. An item only says "look at this again": its handler
 * reads the present state and does what is missing, so an item that comes twice, late or in another order than it
 * was made does no harm (level-triggered).
 *
 * An item is taken by locking its row for the length of the handler's own transaction. A process that dies drops the
 * lock with its connection and the item is free at once: there is no lease to wait for. Items are appended, never
 * merged, because an insert that waits for another's row would couple a device's push to the hub's work.
 *
 * A handler that throws is tried again after a growing pause; after MAX_ATTEMPTS the item is parked and reported.
 */
import type { Database, Transaction } from '../database/index.ts';

const CHANNEL = 'truecount_work';
const MAX_ATTEMPTS = 8;
const FIRST_PAUSE_MS = 200;
/** Looks this often even when no hint arrives: a lost hint only delays. */
const LOOK_EVERY_MS = 1000;

export interface WorkItem {
  readonly topic: string;
  readonly subject: string;
}

export interface WorkReport {
  readonly item: WorkItem;
  readonly problem: string;
  readonly parked: boolean;
}

export async function enqueue(tx: Transaction, items: readonly WorkItem[]): Promise<void> {
  if (items.length === 0) return;
  await tx.query('INSERT INTO work_items (topic, subject) SELECT * FROM unnest($1::text[], $2::text[])', [
    items.map(({ topic }) => topic),
    items.map(({ subject }) => subject),
  ]);
  await tx.query('SELECT pg_notify($1, $2)', [CHANNEL, '']);
}

type Handler = (tx: Transaction, subject: string) => Promise<void>;

export class WorkQueue {
  readonly #database: Database;
  readonly #handlers: Readonly<Record<string, Handler>>;
  readonly #report: (report: WorkReport) => void;
  #wake: (() => void) | undefined;
  #hinted = false;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #unlisten: (() => Promise<void>) | undefined;

  constructor(parts: {
    readonly database: Database;
    readonly handlers: Readonly<Record<string, Handler>>;
    readonly report: (report: WorkReport) => void;
  }) {
    this.#database = parts.database;
    this.#handlers = parts.handlers;
    this.#report = parts.report;
  }

  async start(): Promise<void> {
    this.#unlisten = await this.#database.listen(CHANNEL, () => this.hint());
    this.#running = this.#loop();
  }

  hint(): void {
    this.#hinted = true;
    this.#wake?.();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#wake?.();
    await this.#running;
    await this.#unlisten?.();
  }

  /** Works until nothing is ready. Returns how many items were done. */
  async drain(): Promise<number> {
    let done = 0;
    while (!this.#stop.signal.aborted && (await this.#one())) done += 1;
    return done;
  }

  async #loop(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.#hinted = false;
      try {
        await this.drain();
      } catch (error) {
        this.#report({ item: { topic: 'queue', subject: '' }, problem: messageOf(error), parked: false });
      }
      if (!this.#hinted && !this.#stop.signal.aborted) await this.#rest();
    }
  }

  #rest(): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(finish, LOOK_EVERY_MS);
      this.#wake = finish;
    });
  }

  async #one(): Promise<boolean> {
    let taken: (WorkItem & { id: number; attempts: number }) | undefined;
    try {
      return await this.#database.transaction(async (tx) => {
        [taken] = await tx.query<WorkItem & { id: number; attempts: number }>(
          `SELECT id, topic, subject, attempts FROM work_items
           WHERE NOT parked AND not_before <= now() ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED`,
        );
        if (!taken) return false;
        // Later items of the same subject ask for the same look, as far as they are visible before it.
        await tx.query(
          `DELETE FROM work_items WHERE id IN (
             SELECT id FROM work_items WHERE topic = $1 AND subject = $2 AND NOT parked FOR UPDATE SKIP LOCKED)`,
          [taken.topic, taken.subject],
        );
        const handler = this.#handlers[taken.topic];
        if (!handler) throw new Error(`there is no handler for ${taken.topic}`);
        await handler(tx, taken.subject);
        return true;
      });
    } catch (error) {
      if (!taken) throw error;
      await this.#postpone(taken, messageOf(error));
      return true;
    }
  }

  async #postpone(item: WorkItem & { id: number; attempts: number }, problem: string): Promise<void> {
    const attempts = item.attempts + 1;
    const parked = attempts >= MAX_ATTEMPTS;
    await this.#database.query(
      `UPDATE work_items SET attempts = $2, last_error = $3, parked = $4,
         not_before = now() + $5 * interval '1 millisecond' WHERE id = $1`,
      [item.id, attempts, problem, parked, FIRST_PAUSE_MS * 2 ** attempts],
    );
    this.#report({ item: { topic: item.topic, subject: item.subject }, problem, parked });
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
