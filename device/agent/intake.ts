/**
 * The one way of observations into the agent: committed to the ledger, folded into the belief, then looked at.
 * A promise resolves after the commit and, but for bulk imports, the fold; what follows (exceptions, positions)
 * comes with the next tick.
 */
import type { FeedObservation, LedgerEntry, Observation } from '@truecount/protocol';
import type { AppendResult, Ledger } from '../ledger/index.ts';
import type { AgentEvent } from './agent-events.ts';
import type { BeliefKeeper } from './belief-keeper.ts';
import { type ImportGate, NEWS_MS } from './import-gate.ts';

export interface IntakeOptions {
  readonly ledger: Ledger;
  readonly keeper: BeliefKeeper;
  readonly imports: ImportGate;
  readonly now: () => number;
  /** Told of every new entry right after its commit, also while folding is held. */
  readonly onStored: (entry: LedgerEntry) => void;
  readonly say: (event: AgentEvent) => void;
}

/** A fact from further ahead than this has a wrong clock; folding it would turn the time until then into silence. */
const MAX_AHEAD_MS = 3_600_000;

export class Intake {
  readonly #options: IntakeOptions;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  async observe(feed: string, observations: readonly FeedObservation[]): Promise<readonly AppendResult[]> {
    const { ledger, keeper, imports, now, onStored } = this.#options;
    const nowMs = now();
    const accepted = observations.filter(({ observation }) => msOf(observation) <= nowMs + MAX_AHEAD_MS);
    const old = accepted.filter(({ observation }) => msOf(observation) < nowMs - NEWS_MS).length;
    const endImport = imports.begin(old);
    if (endImport !== undefined) keeper.hold();
    try {
      const stored = await ledger.append(feed, accepted);
      for (const result of stored) if (result.status === 'stored') onStored(result.entry);
      await keeper.catchUp();
      this.#sayTickets(feed, stored);
      return withRefused(feed, observations, accepted, stored);
    } finally {
      endImport?.();
    }
  }

  #sayTickets(feed: string, results: readonly AppendResult[]): void {
    const { now, say } = this.#options;
    const lines = new Map<string, number>();
    for (const result of results) {
      if (result.status !== 'stored') continue;
      const ticket = ticketOf(result.entry, now() - NEWS_MS);
      if (ticket !== undefined) lines.set(ticket, (lines.get(ticket) ?? 0) + 1);
    }
    for (const [ticket, count] of lines) {
      const text = `ticket ${ticket}, ${count} ${count === 1 ? 'line' : 'lines'}`;
      say({ event: 'ticket', feed, ticket, lines: count, text });
    }
  }
}

/** A date that is none counts as past: the ledger refuses it with its own words. */
function msOf({ t }: Observation): number {
  const ms = Date.parse(t);
  return Number.isNaN(ms) ? Number.NEGATIVE_INFINITY : ms;
}

/** One result per observation, in order, those included that were never offered to the ledger. */
function withRefused(
  feed: string,
  observations: readonly FeedObservation[],
  accepted: readonly FeedObservation[],
  stored: readonly AppendResult[],
): readonly AppendResult[] {
  if (accepted.length === observations.length) return stored;
  const byObservation = new Map(accepted.map((observation, at) => [observation, stored[at]]));
  return observations.map((observation) => {
    const { t } = observation.observation;
    const problem = `dated ${t}, which is still to come; check the clock of ${feed}`;
    return byObservation.get(observation) ?? { status: 'refused', problem };
  });
}

function ticketOf({ observation }: LedgerEntry, afterMs: number): string | undefined {
  if (observation.type !== 'sale' && observation.type !== 'return') return undefined;
  return Date.parse(observation.t) >= afterMs ? observation.ticket : undefined;
}
