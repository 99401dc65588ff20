/**
 * Looks at SKUs and keeps exceptions, tasks and positions in step with what is believed about them: at once those
 * that something was heard about, and all others in turn, a few per tick.
 *
 * Invariants: one look at a time; a look never holds the event loop for more than a slice; a SKU that was
 * touched is looked at no later than the next tick, or before the end; what an end without warning leaves unlooked
 * the next start touches again (`unlooked`).
 */
import { type Evidence, instant, type PositionDocument, moneyOf } from '@truecount/protocol';
import type { Belief, StockSigns } from '../belief/index.ts';
import { positionDocument } from '../documents/index.ts';
import {
  type BookContext,
  type CauseEstimate,
  type ExceptionBook,
  type ExceptionChange,
  type Finding,
  type SkuFacts,
  marginMinor,
  stockFindings,
} from '../exceptions/index.ts';
import type { PolicyInForce } from '../documents/index.ts';
import { inSlices, Turnstile } from './time-slice.ts';

export interface StockWatchOptions {
  readonly store: string;
  readonly currency: string;
  /** Version of the error rates in force. */
  readonly modelVersion: () => string;
  readonly now: () => number;
  readonly belief: () => Belief;
  readonly policy: () => PolicyInForce;
  readonly book: ExceptionBook;
  readonly heard: (sku: string, limit: number) => readonly Evidence[];
  readonly causesOf: (signs: StockSigns) => CauseEstimate['ranked'];
  /** False while a till is silent or cut: nothing is concluded from hearing no sale. */
  readonly isHearing: () => boolean;
  readonly writeChange: (change: ExceptionChange) => Promise<void>;
  readonly writePositions: (positions: readonly PositionDocument[]) => Promise<number>;
}

/** SKUs looked at per tick although nothing was heard about them. */
const IN_TURN = 150;
const HEARD = 20;
/** Positions written at a time. */
const PART = 200;
const MS_PER_DAY = 86_400_000;

export class StockWatch {
  readonly #options: StockWatchOptions;
  readonly #turns = new Turnstile();
  readonly #touched = new Set<string>();
  /** Touched before, and being looked at now. */
  #looking: ReadonlySet<string> = new Set();
  #next = 0;

  constructor(options: StockWatchOptions) {
    this.#options = options;
  }

  touch(sku: string): void {
    this.#touched.add(sku);
  }

  /** Touched, and not yet looked at with everything that follows written. */
  unlooked(): readonly string[] {
    return [...new Set([...this.#touched, ...this.#looking])];
  }

  /** Looks at what was touched, and at the next SKUs in turn. */
  tick(): Promise<void> {
    return this.#turns.run(() => this.#lookAtTouched(this.#inTurn()));
  }

  /** Looks at what was touched, and resolves when nothing is under way. */
  finish(): Promise<void> {
    return this.#turns.run(() => this.#lookAtTouched([]));
  }

  /** Looks at these now; resolves when everything that follows is written. */
  settle(skus: readonly string[]): Promise<void> {
    return this.#turns.run(() => this.#look(new Set(skus)));
  }

  /** Writes what findings from elsewhere (picks, feeds) change. */
  judge(findings: readonly Finding[]): Promise<void> {
    return this.#turns.run(async () => {
      for (const finding of findings) await this.#judge(finding);
    });
  }

  #inTurn(): readonly string[] {
    const all = this.#options.belief().skus();
    if (this.#next >= all.length) this.#next = 0;
    const turn = all.slice(this.#next, this.#next + IN_TURN);
    this.#next += turn.length;
    return turn;
  }

  async #lookAtTouched(inTurn: readonly string[]): Promise<void> {
    const skus = new Set([...this.#touched, ...inTurn]);
    this.#looking = new Set(this.#touched);
    this.#touched.clear();
    try {
      await this.#look(skus);
    } catch (error) {
      for (const sku of this.#looking) this.#touched.add(sku);
      throw error;
    } finally {
      this.#looking = new Set();
    }
  }

  /** In parts, because a start may bring every SKU of the store at once. */
  async #look(skus: ReadonlySet<string>): Promise<void> {
    const all = [...skus];
    for (let from = 0; from < all.length; from += PART) await this.#lookAt(all.slice(from, from + PART));
  }

  async #lookAt(skus: readonly string[]): Promise<void> {
    const positions: PositionDocument[] = [];
    const findings: Finding[] = [];
    await inSlices(skus, (sku) => {
      const seen = this.#factsOf(sku);
      if (seen === undefined) return;
      positions.push(seen.position);
      findings.push(...this.#stockFindings(seen.facts));
    });
    for (const finding of findings) await this.#judge(finding);
    await this.#options.writePositions(positions);
  }

  /** A till that is not heard proves nothing: then no doubt is raised, and none is taken back. */
  #stockFindings(facts: SkuFacts): readonly Finding[] {
    const findings = stockFindings(facts, this.#options.policy().bundle.detection);
    if (this.#options.isHearing()) return findings;
    return findings.map((finding) =>
      finding.kind === 'phantom-stock' && finding.level === 'raise' ? { ...finding, level: 'hold' } : finding,
    );
  }

  async #judge(finding: Finding): Promise<void> {
    const change = this.#options.book.judge(finding, this.#context());
    if (change !== undefined) await this.#options.writeChange(change);
  }

  #context(): BookContext {
    const { store, currency, modelVersion, now, policy } = this.#options;
    const { bundle, hash } = policy();
    return {
      nowMs: now(),
      store,
      currency,
      modelVersion: modelVersion(),
      policyVersion: `${bundle.version}:${hash.slice(0, 12)}`,
    };
  }

  #causesOf(sku: string): CauseEstimate | undefined {
    const signs = this.#options.belief().signs(sku);
    return signs && { ranked: this.#options.causesOf(signs), signs: { ...signs } };
  }

  #factsOf(sku: string): { readonly facts: SkuFacts; readonly position: PositionDocument } | undefined {
    const { belief: beliefOf, now, policy, currency, store, heard } = this.#options;
    const belief = beliefOf();
    const position = belief.position(sku);
    if (position === undefined) return undefined;
    const product = belief.catalog(sku);
    const at = instant(now());
    const { coverDays } = policy().bundle.detection;
    const priceMinor = moneyOf(product?.price ?? 0, currency).minor;
    const costMinor = product?.cost === undefined ? undefined : moneyOf(product.cost, currency).minor;
    const name = product?.name ?? sku;
    let known: readonly Evidence[] | undefined;
    return {
      facts: {
        sku,
        name,
        at,
        record: position.record,
        confidence: position.confidence,
        mean: position.mean,
        p05: position.p05,
        rate: position.rate,
        pmf: position.pmf,
        priceMinor,
        ...(costMinor === undefined ? {} : { costMinor }),
        runsOut: belief.stockoutBefore(sku, instant(now() + coverDays * MS_PER_DAY)),
        heard: () => (known ??= heard(sku, HEARD)),
        causes: () => this.#causesOf(sku),
      },
      position: positionDocument(store, at, position, {
        name,
        priceMinor,
        costMinor: costMinor ?? Math.round(priceMinor - marginMinor(priceMinor, undefined)),
        currency,
      }),
    };
  }
}
