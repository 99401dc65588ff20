/**
 * Whose turn it is on the one connection of an embedded database. People and devices wait for an answer (`prompt`);
 * the hub's own follow-up work (`background`) can come a little later.
 *
 * Invariants: one holder at a time; within a lane first come, first served. Background work goes when nothing prompt
 * waits and the connection was quiet for a moment, so that it does not slip between two messages of a device that
 * drains; but it never waits longer than MAX_WAIT_MS for its next turn, so that a flood only slows it down.
 */
export type Lane = 'prompt' | 'background';

const QUIET_MS = 4;
const MAX_WAIT_MS = 100;

interface Waiting {
  readonly start: () => void;
  readonly sinceMs: number;
}

export class Lanes {
  readonly #waiting: Record<Lane, Waiting[]> = { prompt: [], background: [] };
  #isTaken = false;
  #lastPromptMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  async run<T>(lane: Lane, work: () => Promise<T>): Promise<T> {
    await this.#turn(lane);
    try {
      return await work();
    } finally {
      if (lane === 'prompt') this.#lastPromptMs = performance.now();
      this.#isTaken = false;
      this.#next();
    }
  }

  #turn(lane: Lane): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting[lane].push({ start: resolve, sinceMs: performance.now() });
      this.#next();
    });
  }

  #next(): void {
    if (this.#isTaken) return;
    clearTimeout(this.#timer);
    const { prompt, background } = this.#waiting;
    const [first] = background;
    const nowMs = performance.now();
    const isOverdue = first !== undefined && nowMs - first.sinceMs >= MAX_WAIT_MS;
    if (prompt.length > 0 && !isOverdue) this.#give(prompt);
    else if (first === undefined) return;
    else if (isOverdue || nowMs - this.#lastPromptMs >= QUIET_MS) this.#give(background);
    else this.#timer = setTimeout(() => this.#next(), this.#lastPromptMs + QUIET_MS - nowMs);
  }

  #give(lane: Waiting[]): void {
    this.#isTaken = true;
    lane.shift()?.start();
  }
}
