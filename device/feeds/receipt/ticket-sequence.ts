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

/** A till's last ticket number from an earlier run, if known. */
export type LastTicket = (till: string) => number | undefined;

export class TicketSequence {
  readonly #last = new Map<string, { readonly number: number; readonly day: string | undefined }>();
  readonly #lastTicket: LastTicket;

  constructor(lastTicket: LastTicket = () => undefined) {
    this.#lastTicket = lastTicket;
  }

  /**
   * @param day given when numbers start over each day
   * @returns the tickets skipped since this till's last one, if any
   */
  see(till: string, ticket: string, day?: string): TicketGap | undefined {
    const digits = /(\d{1,12})\D*$/.exec(ticket)?.[1];
    if (digits === undefined) return undefined;
    const number = Number(digits);
    const last = this.#lastOf(till, day);
    if (last === undefined && this.#last.size >= MAX_TILLS) return undefined;
    const missing = last === undefined ? 0 : number - last - 1;
    const startedOver = last !== undefined && (last - number > MAX_GAP / 2 || number <= 1);
    if (last === undefined || number > last || startedOver) this.#last.set(till, { number, day });
    if (last === undefined || missing <= 0 || missing > MAX_GAP) return undefined;
    return { till, after: last, before: number, missing };
  }

  /** On a new day counting starts before 1. */
  #lastOf(till: string, day: string | undefined): number | undefined {
    const last = this.#last.get(till);
    if (!last) return day === undefined ? this.#lastTicket(till) : undefined;
    return last.day === day ? last.number : 0;
  }
}
