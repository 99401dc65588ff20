/** The feeds' health as findings, with what the agent itself knows: opening hours, takings, missing tickets. */
import type { FeedHealth, LedgerEntry } from '@truecount/protocol';
import { type FeedFacts, feedFinding, type Finding } from '../exceptions/index.ts';
import type { PolicyInForce } from '../documents/index.ts';
import { SalesPace } from './sales-pace.ts';

export interface FeedWatchOptions {
  readonly feeds: () => readonly FeedHealth[];
  readonly policy: () => PolicyInForce;
  readonly now: () => number;
  readonly priceMinorOf: (sku: string) => number;
}

/** Feeds that speak for sales: when one of them is not heard, silence about a SKU proves nothing. */
const SALES_KINDS = new Set(['escpos', 'poslog']);

export class FeedWatch {
  readonly #options: FeedWatchOptions;
  readonly #pace = new SalesPace();
  readonly #gaps = new Map<string, { missing: number; atMs: number }>();
  #isOpen = true;

  constructor(options: FeedWatchOptions) {
    this.#options = options;
  }

  heard({ observation }: LedgerEntry): void {
    if (observation.type === 'open') this.#isOpen = true;
    if (observation.type === 'close') this.#isOpen = false;
    if (observation.type !== 'sale' || observation.qty <= 0) return;
    this.#isOpen = true;
    const minor = observation.qty * this.#options.priceMinorOf(observation.sku);
    this.#pace.sold(minor, Date.parse(observation.t));
  }

  /** Ticket numbers were skipped on a feed. */
  gap(feed: string, missing: number): void {
    const before = this.#gaps.get(feed)?.missing ?? 0;
    this.#gaps.set(feed, { missing: before + missing, atMs: this.#options.now() });
  }

  isHearing(): boolean {
    return this.#options
      .feeds()
      .every((feed) => !SALES_KINDS.has(feed.kind) || feed.state === 'up' || !this.#isOpen);
  }

  findings(): readonly Finding[] {
    const { feeds, now, policy } = this.#options;
    return feeds().map((health) => {
      const gap = this.#gaps.get(health.name);
      const facts: FeedFacts = {
        health,
        nowMs: now(),
        isOpen: this.#isOpen,
        salesPerHourMinor: this.#pace.perHourMinor,
        ...(gap === undefined ? {} : { gap }),
      };
      return feedFinding(facts, policy().bundle.detection);
    });
  }
}
