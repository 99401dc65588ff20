/**
 * Tells a bulk import of history from the day's business. While history streams in, the belief is not folded and
 * nobody looks at it: half a history is full of false alarms, and time must not move on to the present before
 * the past is complete. What is imported is safe in the ledger meanwhile.
 */

/** A fact older than this is history, not news. */
export const NEWS_MS = 3_600_000;
/** That many old facts in one batch are an import; a till with a wrong clock sends a ticket at a time. */
const IMPORT_BATCH = 20;
/** The next batch of an import comes within this time. */
const PAUSE_MS = 2000;
/** Feeds get this long after the start to bring what happened while the agent was off. */
const START_MS = 3000;

export class ImportGate {
  readonly #realMs: () => number;
  #underWay = 0;
  #untilMs: number;

  /** @param realMs the machine's monotonic clock */
  constructor(realMs: () => number) {
    this.#realMs = realMs;
    this.#untilMs = realMs() + START_MS;
  }

  get isImporting(): boolean {
    return this.#underWay > 0 || this.#realMs() < this.#untilMs;
  }

  /** @returns what to call when the batch is committed; undefined for a batch that is no import */
  begin(oldFacts: number): (() => void) | undefined {
    if (oldFacts < IMPORT_BATCH) return undefined;
    this.#underWay += 1;
    return () => {
      this.#underWay -= 1;
      this.#untilMs = this.#realMs() + PAUSE_MS;
    };
  }
}
