/**
 * Whose turn it is on the one connection of an embedded database. People and devices wait for an answer (`prompt`);
 * who is at the door (`door`) asks one short question and gives up soon, so that a thousand devices that come back at
 * once are all let in before the first of them is served; the hub's own follow-up work (`background`) can come a
 * little later.
 *
 * Invariants: one holder at a time; within a lane first come, first served. Background work goes when nothing prompt
 * waits and the connection was quiet for a moment, so that it does not slip between two messages of a device that
 * drains; but it never waits longer than MAX_WAIT_MS for its next turn, so that a flood only slows it down. An embedded
 * database answers without the event loop turning, so after SLICE_MS the next holder waits until it has turned: whoever
 * has arrived meanwhile is heard.
 */
export type Lane = 'door' | 'prompt' | 'background';

const QUIET_MS = 4;
const MAX_WAIT_MS = 100;
const SLICE_MS = 8;

interface Waiting {
  readonly start: () => void;
  readonly sinceMs: number;
}

export class Lanes {
  readonly #waiting: Record<Lane, Waiting[]> = { door: [], prompt: [], background: [] };
  #isTaken = false;
  #lastPromptMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  /** When the event loop last turned, as far as is known. */
  #turnedMs = Number.NEGATIVE_INFINITY;
  #isTurning = false;

  async run<T>(lane: Lane, work: () => Promise<T>): Promise<T> {
    await this.#place(lane);
    try {
      return await work();
    } finally {
      if (lane !== 'background') this.#lastPromptMs = performance.now();
      this.#isTaken = false;
      this.#next();
    }
  }

  #place(lane: Lane): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting[lane].push({ start: resolve, sinceMs: performance.now() });
      this.#next();
    });
  }

  #next(): void {
    if (this.#isTaken || this.#isTurning) return;
    clearTimeout(this.#timer);
    const { door, prompt, background } = this.#waiting;
    if (door.length + prompt.length + background.length === 0) return;
    if (performance.now() - this.#turnedMs > SLICE_MS) {
      this.#turn();
      return;
    }
    if (door.length > 0) {
      this.#give(door);
      return;
    }
    const [first] = background;
    const nowMs = performance.now();
    const isOverdue = first !== undefined && nowMs - first.sinceMs >= MAX_WAIT_MS;
    if (prompt.length > 0 && !isOverdue) this.#give(prompt);
    else if (first === undefined) return;
    else if (isOverdue || nowMs - this.#lastPromptMs >= QUIET_MS) this.#give(background);
    else this.#timer = setTimeout(() => this.#next(), this.#lastPromptMs + QUIET_MS - nowMs);
  }

  #turn(): void {
    this.#isTurning = true;
    setImmediate(() => {
      this.#isTurning = false;
      this.#turnedMs = performance.now();
      this.#next();
    });
  }

  #give(lane: Waiting[]): void {
    this.#isTaken = true;
    lane.shift()?.start();
  }
}
