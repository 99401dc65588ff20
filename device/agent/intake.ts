/**
 * The one way of observations into the agent: committed to the ledger, folded into the belief, then looked at.
 * A promise resolves after the commit and the fold; what follows (exceptions, positions) comes with the next tick.
 */
import { type FeedObservation, type LedgerEntry, type Observation } from '@truecount/protocol';
import type { AppendResult, Ledger } from '../ledger/index.ts';
import type { AgentEvent } from './agent-events.ts';
import type { BeliefKeeper } from './belief-keeper.ts';

export interface IntakeOptions {
  readonly ledger: Ledger;
  readonly keeper: BeliefKeeper;
  readonly now: () => number;
  readonly say: (event: AgentEvent) => void;
}

/** A fact from further ahead than this has a wrong clock; folding it would turn the time until then into silence. */
const MAX_AHEAD_MS = 3_600_000;
/** A fact older than this is history, not news. */
const NEWS_MS = 3_600_000;

export class Intake {
  readonly #options: IntakeOptions;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  async observe(feed: string, observations: readonly FeedObservation[]): Promise<readonly AppendResult[]> {
    const { ledger, keeper, now } = this.#options;
    const latestMs = now() + MAX_AHEAD_MS;
    const accepted = observations.filter(({ observation }) => isNotAfter(observation, latestMs));
    const stored = await ledger.append(feed, accepted);
    await keeper.catchUp();
    this.#sayTickets(feed, stored);
    if (accepted.length === observations.length) return stored;
    const results = stored[Symbol.iterator]();
    return observations.map(({ observation }) => {
      if (isNotAfter(observation, latestMs)) return results.next().value as AppendResult;
      return {
        status: 'refused',
        problem: `dated ${observation.t}, which is still to come; check the clock of ${feed}`,
      };
    });
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

const isNotAfter = ({ t }: Observation, ms: number): boolean => !(Date.parse(t) > ms);

function ticketOf({ observation }: LedgerEntry, afterMs: number): string | undefined {
  if (observation.type !== 'sale' && observation.type !== 'return') return undefined;
  return Date.parse(observation.t) >= afterMs ? observation.ticket : undefined;
}
