/** A feed that should speak and does not, makes no sense, or skips ticket numbers. */
import { evidence, type Evidence, type FeedHealth } from '@truecount/protocol';
import type { DetectionPolicy, Finding, Level } from './finding.ts';

export interface FeedFacts {
  readonly health: FeedHealth;
  readonly nowMs: number;
  /** Tickets missing in the sequence, and when that was last noticed. */
  readonly gap?: { readonly missing: number; readonly atMs: number };
  /** Closed doors make silence normal. */
  readonly isOpen: boolean;
  /** What the tills usually take in an hour: what goes unheard meanwhile. */
  readonly salesPerHourMinor: number;
}

/** A gap in ticket numbers is worth a look for this long; the missing ones may still arrive. */
const GAP_MATTERS_MS = 3_600_000;
const MS_PER_MINUTE = 60_000;

export function feedFinding(facts: FeedFacts, policy: DetectionPolicy): Finding {
  const { health, nowMs } = facts;
  const minutes = Math.max(0, Math.floor((nowMs - Date.parse(health.since)) / MS_PER_MINUTE));
  const quietMinutes = health.state === 'up' ? 0 : minutes;
  const at = new Date(nowMs).toISOString();
  return {
    kind: 'feed-silent',
    subject: { feed: health.name },
    level: levelOf(facts, minutes, policy),
    confidence: health.state === 'silent' ? 0.9 : 1,
    exposureMinor: Math.round((facts.salesPerHourMinor * Math.max(quietMinutes, 1)) / 60),
    evidence: () => reasons(facts, minutes, at),
    outcome: () => evidence('feed-back', { feed: health.name }, at),
  };
}

function levelOf({ health, gap, nowMs, isOpen }: FeedFacts, minutes: number, policy: DetectionPolicy): Level {
  if (gap !== undefined && nowMs - gap.atMs < GAP_MATTERS_MS) return 'raise';
  switch (health.state) {
    case 'up':
      return 'clear';
    case 'garbled':
      return 'raise';
    case 'down':
      return minutes >= policy.feedSilentMinutes ? 'raise' : 'hold';
    case 'silent':
      return isOpen && minutes >= policy.feedSilentMinutes ? 'raise' : 'hold';
    default:
      return health.state satisfies never;
  }
}

function reasons({ health, gap }: FeedFacts, minutes: number, at: string): readonly Evidence[] {
  const feed = health.name;
  const state: readonly Evidence[] =
    health.state === 'up'
      ? []
      : health.state === 'garbled'
        ? [evidence('feed-garbled', { feed }, health.since)]
        : [evidence(health.state === 'down' ? 'feed-down' : 'feed-silent', { feed, minutes }, at)];
  if (gap === undefined) return state;
  return [...state, evidence('ticket-gap', { feed, missing: gap.missing }, new Date(gap.atMs).toISOString())];
}
