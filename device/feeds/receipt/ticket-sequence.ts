/**
 * Ticket numbers of each till, to notice the ones that never came. A number that comes late, or again, is no
 * gap; numbers that start over (a new day, a wrapped counter) are no gap either.
 */
export interface TicketGap {
  readonly till: string;
  readonly after: number;
  readonly before: number;
  readonly missing: number;
}

const MAX_TILLS = 256;
/** A larger jump is a counter that was set anew, not tickets that were lost. */
const MAX_GAP = 1000;

export class TicketSequence {
  readonly #last = new Map<string, number>();

  /** @returns the tickets skipped since this till's last one, if any */
  see(till: string, ticket: string): TicketGap | undefined {
    const digits = /(\d{1,12})\D*$/.exec(ticket)?.[1];
    if (digits === undefined) return undefined;
    const number = Number(digits);
    const last = this.#last.get(till);
    if (last === undefined && this.#last.size >= MAX_TILLS) return undefined;
    const missing = last === undefined ? 0 : number - last - 1;
    const startedOver = last !== undefined && last - number > MAX_GAP / 2;
    if (last === undefined || number > last || startedOver || number <= 1) this.#last.set(till, number);
    if (last === undefined || missing <= 0 || missing > MAX_GAP) return undefined;
    return { till, after: last, before: number, missing };
  }
}
