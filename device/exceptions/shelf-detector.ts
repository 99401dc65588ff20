/** A shelf that shows fewer facings than planned while units are believed to be in the store: somebody can fill it. */
import { evidence } from '@truecount/protocol';
import { marginMinor } from './expected-loss.ts';
import type { Finding } from './finding.ts';

export interface ShelfFacts {
  readonly sku: string;
  readonly name: string;
  readonly at: string;
  readonly planned: number;
  readonly facings: number;
  readonly gaps: number;
  /** How sure the picture is of the gaps, 0..1: the surest gap times how often this camera is right. */
  readonly sureness: number;
  /** Belief: P(at least one unit in the store), and its mean. */
  readonly confidence: number;
  readonly mean: number;
  /** Believed demand per trading day. */
  readonly rate: number;
  readonly priceMinor: number;
  readonly costMinor?: number;
}

/** Surer than this that units are here, a gap is worth a walk to the backroom. */
const BELIEVED_HERE = 0.6;
/** At least this share of the places empty: one missing facing of six sells no less. */
const EMPTY_SHARE = 0.34;
const SURE_ENOUGH = 0.5;
/** An empty shelf is noticed within about a day. */
const UNNOTICED_DAYS = 1;

export function shelfGapFinding(facts: ShelfFacts): Finding {
  const { sku, name, planned, facings, gaps, sureness, confidence, mean, rate, at } = facts;
  const emptyShare = planned === 0 ? 0 : gaps / planned;
  const hasMore = mean > facings + 0.5;
  const isGap = emptyShare >= EMPTY_SHARE && sureness >= SURE_ENOUGH;
  const level = gaps === 0 ? 'clear' : isGap && confidence >= BELIEVED_HERE && hasMore ? 'raise' : 'hold';
  return {
    kind: 'shelf-gap',
    subject: { sku, name },
    level,
    confidence: sureness * confidence,
    exposureMinor: Math.round(
      emptyShare * rate * UNNOTICED_DAYS * marginMinor(facts.priceMinor, facts.costMinor),
    ),
    evidence: () => [
      evidence('shelf-view', { facings, capacity: planned }, at),
      evidence('sells', { perDay: Math.round(rate * 10) / 10 }, at),
    ],
    outcome: () => evidence('shelf-view', { facings, capacity: planned }, at),
  };
}
