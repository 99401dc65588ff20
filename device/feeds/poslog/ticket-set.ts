/** The ticket numbers of one document per till, to tell at its end which are missing in between. */
import type { TicketGap } from '../receipt/ticket-sequence.ts';

const MAX_TICKETS = 100_000;
/** A larger hole is a counter that was set anew. */
const MAX_GAP = 1000;

export class TicketSet {
  readonly #byTill = new Map<string, Set<number>>();
  #size = 0;

  add(till: string, ticket: string): void {
    const number = Number(ticket);
    if (!Number.isSafeInteger(number) || this.#size >= MAX_TICKETS) return;
    const seen = this.#byTill.get(till) ?? new Set();
    this.#byTill.set(till, seen.add(number));
    this.#size++;
  }

  /** The gaps, in order of till and number; the set is empty afterwards. */
  takeGaps(): TicketGap[] {
    const gaps: TicketGap[] = [];
    for (const [till, seen] of this.#byTill) {
      const sorted = [...seen].sort((a, b) => a - b);
      for (const [at, before] of sorted.entries()) {
        const after = sorted[at - 1] ?? before - 1;
        const missing = before - after - 1;
        if (missing > 0 && missing <= MAX_GAP) gaps.push({ till, after, before, missing });
      }
    }
    this.#byTill.clear();
    this.#size = 0;
    return gaps;
  }
}
