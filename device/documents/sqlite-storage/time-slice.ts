import { setImmediate } from 'node:timers/promises';

/** Lets long work share the event loop: `if (slice.isSpent) await slice.pause()` between small steps. */
export class TimeSlice {
  readonly #budgetMs: number;
  #startedAtMs: number;

  constructor(budgetMs = 8) {
    this.#budgetMs = budgetMs;
    this.#startedAtMs = performance.now();
  }

  get isSpent(): boolean {
    return performance.now() - this.#startedAtMs >= this.#budgetMs;
  }

  async pause(): Promise<void> {
    await setImmediate();
    this.#startedAtMs = performance.now();
  }
}
