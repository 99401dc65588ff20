/** What the belief offers and needs: one interface for the agent, the command line and the benches. */
import type { Observation } from '@truecount/protocol';
import type { Outlook, Position } from './answers.ts';
import type { Explanation } from './explain.ts';
import type { PlainLine } from './observation-line.ts';
import type { BeliefParameters } from './parameters.ts';
import type { Sibling } from './siblings.ts';
import type { StockSigns } from './signs.ts';
import type { CatalogEntry } from './sku-register.ts';

export interface BeliefOptions {
  readonly parameters?: BeliefParameters;
  /**
   * All observations of the store dated at or after `fromMs`, in order of `t`; must include those already
   * handed to `observe`. Without it a log of the last `historyLimit` observations is kept in memory.
   */
  readonly history?: (fromMs: number) => Iterable<Observation>;
  readonly historyLimit?: number;
  /** Hears of everything folded for good; see StoreFilter.tape. */
  readonly tape?: (sku: number, elapsed: number, code: number, x: number, y: number) => void;
  /** What to expect of a SKU before its first sale; the parameters' prior without it. */
  readonly ratePrior?: (
    catalog: CatalogEntry,
  ) => { readonly median: number; readonly spread: number } | undefined;
  /**
   * SKUs that are swapped with this one at the till, where somebody knows; an empty list for "none". Without an
   * answer they are inferred (siblings.ts).
   */
  readonly siblings?: (sku: string) => readonly string[] | undefined;
  /** A forecast of purchases per trading day that replaces the learned rate, where there is one. */
  readonly forecast?: (sku: string) => number | undefined;
}

export interface Belief {
  observe(observation: Observation): void;
  /** The same for a line already read into numbers: nothing is allocated for it. */
  observeLine(line: PlainLine): void;
  /** Time passes until `t` (ISO instant) without anything being heard. */
  advance(t: string): void;
  /**
   * Closes up to `most` SKUs of the last day that is over; true when none is left. For whoever must answer meanwhile:
   * otherwise a question closes its SKU, and the end of the next day the rest. No answer depends on it.
   */
  closeSome(most: number): boolean;
  position(sku: string): Position | undefined;
  /** The same without the distribution: cheaper where all SKUs are asked. */
  outlook(sku: string): Outlook | undefined;
  /** The same of every SKU, in the order of `skus`. */
  outlooks(): Iterable<Outlook>;
  probabilityAtLeast(sku: string, q: number): number;
  quantile(sku: string, share: number): number;
  /** Largest q with P(on-hand - reserved >= q) >= target. */
  atp(sku: string, target: number, reserved: number): number;
  /** P(on-hand runs out before `t` without a delivery). */
  stockoutBefore(sku: string, t: string): number;
  /** Trading days expected between two instants, by the hours and weekdays learned so far. */
  tradingDays(from: string, to: string): number;
  /** SKUs that were heard of, in the order in which they were. */
  skus(): readonly string[];
  catalog(sku: string): CatalogEntry | undefined;
  explain(sku: string): Explanation | undefined;
  /** SKUs that are likely swapped with this one at the till. */
  siblings(sku: string): readonly Sibling[];
  /** What speaks for which cause of a wrong record. */
  signs(sku: string): StockSigns | undefined;
  /** How P(on-hand = 0), units out of reach in the backroom, and selling share the belief. */
  situation(sku: string): Situation | undefined;
  /** How well everything sealed so far was predicted: the sum over SKUs of the log-likelihood. */
  logLikelihood(): number;
  /** Everything sealed, as bytes. The same history gives the same bytes. */
  snapshot(): Uint8Array;
  /** Takes a snapshot back; returns the instant from which observations must be observed again. */
  restore(bytes: Uint8Array): string | undefined;
  readonly now: string | undefined;
  readonly parameters: BeliefParameters;
  readonly health: BeliefHealth;
}

export interface Situation {
  readonly absent: number;
  readonly hidden: number;
  readonly selling: number;
}

export interface BeliefHealth {
  readonly skus: number;
  readonly bytes: number;
  /** How often history was folded again because of late observations. */
  readonly refolds: number;
  /** Late observations older than all history still held; folded as early as possible. */
  readonly tooLate: number;
}
