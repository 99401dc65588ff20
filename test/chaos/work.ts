/**
 * What people and machines do at one store while things break: counts at a screen, lines of a back-office file, tasks
 * done. Keeps what was acknowledged, because that is what must be found again, once.
 *
 * A screen repeats a request with the same id until it is answered, as the kiosk does; a request that was never answered
 * may be stored or not.
 */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { NowView, parserFor } from '../../protocol/index.ts';
import type { Random } from '../twin/random.ts';
import type { StoreProcess } from './store-process.ts';

export interface Acknowledged {
  /** Id of the count, to what was counted. */
  readonly counts: Map<string, { readonly sku: string; readonly qty: number }>;
  /** Every count that was ever asked for. */
  readonly attempted: Set<string>;
  /** Task ids whose end was acknowledged, with the quantity where one was said. */
  readonly tasks: Map<string, number | undefined>;
  /** `ticket` of every sale written into the store's file feed; the file stays, so all of them are owed. */
  readonly sales: Set<string>;
  /** Lines of the feed that nobody can read. */
  refusedLines: number;
  /** Answers that were neither a success nor a connection that broke, by status. */
  readonly statuses: Map<number, number>;
}

export const SKUS = Array.from({ length: 12 }, (_, n) => `sku-${n}`);
const LANES = 2;
const COUNT_EVERY_MS = 60;
const SALES_EVERY_MS = 250;
const TASK_EVERY_MS = 700;
const ANSWER_WITHIN_MS = 8000;
const LOOK_EVERY_MS = 100;
const MAX_LOOKS = 200;
const OPENED_MS_AGO = 3_600_000;
const MAX_QTY = 40;
const OPENING = 30;

const parseNow = parserFor(NowView);

export class StoreWork {
  readonly acknowledged: Acknowledged = {
    counts: new Map(),
    attempted: new Set(),
    tasks: new Map(),
    sales: new Set(),
    refusedLines: 0,
    statuses: new Map(),
  };
  readonly #store: StoreProcess;
  readonly #random: Random;
  readonly #stop = new AbortController();
  #work: Promise<unknown> = Promise.resolve();
  #file = 0;

  constructor(store: StoreProcess, random: Random) {
    this.#store = store;
    this.#random = random;
  }

  /** The products; resolves when the store has heard of them. */
  async open(): Promise<void> {
    const t = new Date(Date.now() - OPENED_MS_AGO).toISOString();
    const lines = SKUS.flatMap((sku, n) => [
      { type: 'catalog', t, sku, name: `Product ${n}`, price: 2 + n, cost: 1 + n / 2 },
      { type: 'record', t, sku, qty: OPENING },
    ]);
    appendFileSync(join(this.#store.inbox, '0000-opening.ndjson'), ndjson(lines));
    for (let looks = 0; looks < MAX_LOOKS; looks += 1) {
      const response = await fetch(`${this.#store.url}/api/products/${SKUS.at(-1)}`);
      await response.arrayBuffer();
      if (response.ok) return;
      await after(LOOK_EVERY_MS);
    }
    throw new Error(`${this.#store.id} does not read its inbox`);
  }

  start(): void {
    const lanes = Array.from({ length: LANES }, (_, lane) => this.#counting(lane));
    this.#work = Promise.all([...lanes, this.#selling(), this.#doing()]);
  }

  /** Resolves when nothing new is asked for and every answer has come or failed. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#work;
  }

  async #counting(lane: number): Promise<void> {
    for (let n = 0; await this.#pause(COUNT_EVERY_MS); n += 1) {
      const id = `${this.#store.id}-count-${lane}-${n}`;
      const count = { sku: this.#random.pick(SKUS), qty: this.#random.integer(0, MAX_QTY) };
      this.acknowledged.attempted.add(id);
      if (await this.#insist('counts', { id, ...count })) this.acknowledged.counts.set(id, count);
    }
  }

  /** Sales, some of more than the record knows, and now and then a line that nobody can read. */
  async #selling(): Promise<void> {
    for (let n = 0; await this.#pause(SALES_EVERY_MS); n += 1) {
      if (this.#random.chance(0.05)) this.#file += 1;
      const file = join(this.#store.inbox, `sales-${String(this.#file).padStart(4, '0')}.ndjson`);
      const ticket = `${this.#store.id}-ticket-${n}`;
      const qty = this.#random.chance(0.1) ? MAX_QTY * 3 : this.#random.integer(1, 3);
      const t = new Date(Date.now() - this.#random.integer(0, 2000)).toISOString();
      const sku = this.#random.pick(SKUS);
      appendFileSync(file, ndjson([{ type: 'sale', t, sku, qty, till: '1', ticket, line: 1 }]));
      this.acknowledged.sales.add(ticket);
      if (!this.#random.chance(0.1)) continue;
      appendFileSync(
        file,
        this.#random.pick(['{"type":"sale","t":\n', '\0\xff not a line\n', '{"type":"sale"}\n']),
      );
      this.acknowledged.refusedLines += 1;
    }
  }

  /** The first card on the screen, as an associate would take it. */
  async #doing(): Promise<void> {
    for (let n = 0; await this.#pause(TASK_EVERY_MS); n += 1) {
      const card = await this.#firstCard();
      if (card === undefined) continue;
      const id = `${this.#store.id}-done-${n}`;
      const qty = this.#random.integer(0, MAX_QTY);
      const isCount = card.kind === 'count' || card.kind === 'pick';
      if (isCount) this.acknowledged.attempted.add(id);
      const isDone = await this.#insist(`tasks/${encodeURIComponent(card.id)}/done`, { id, qty });
      if (isDone && !this.acknowledged.tasks.has(card.id)) this.acknowledged.tasks.set(card.id, qty);
    }
  }

  async #firstCard(): Promise<{ readonly id: string; readonly kind: string } | undefined> {
    try {
      const response = await fetch(`${this.#store.url}/api/now`, { signal: AbortSignal.timeout(2000) });
      const now = parseNow(await response.json());
      return now.ok ? now.value.cards[0] : undefined;
    } catch {
      return undefined;
    }
  }

  /** @returns true once the store has acknowledged it; false when the work ended before */
  async #insist(path: string, body: object): Promise<boolean> {
    while (!this.#stop.signal.aborted) {
      try {
        const response = await fetch(`${this.#store.url}/api/${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', origin: this.#store.url },
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
        });
        await response.arrayBuffer();
        if (response.status === 201) return true;
        const { statuses } = this.acknowledged;
        statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
        // A request the store will never take is not repeated for ever.
        if (response.status >= 400 && response.status < 500 && response.status !== 429) return false;
      } catch {
        // The process is away: asked again with the same id.
      }
      await this.#pause(COUNT_EVERY_MS * 2);
    }
    return false;
  }

  /** @returns false when the work is over */
  async #pause(aboutMs: number): Promise<boolean> {
    const { signal } = this.#stop;
    await after(this.#random.between(0.5, 1.5) * aboutMs, undefined, { signal }).catch(() => undefined);
    return !signal.aborted;
  }
}

const ndjson = (lines: readonly object[]): string =>
  lines.map((line) => `${JSON.stringify(line)}\n`).join('');
