/** What the tills usually take in an hour, so that a silent one has a price. */
const HOUR_MS = 3_600_000;
/** Hours after which a sale has lost half of its weight. */
const HALF_LIFE_HOURS = 24;
const DECAY_PER_MS = Math.LN2 / (HALF_LIFE_HOURS * HOUR_MS);

export class SalesPace {
  #perHour = 0;
  #atMs = 0;

  sold(minor: number, atMs: number): void {
    if (this.#atMs === 0) this.#atMs = atMs;
    // Late sales count at the pace's own time: it only moves forward.
    const elapsed = Math.max(0, atMs - this.#atMs);
    this.#perHour = this.#perHour * Math.exp(-elapsed * DECAY_PER_MS) + minor * DECAY_PER_MS * HOUR_MS;
    this.#atMs = Math.max(this.#atMs, atMs);
  }

  /** Minor units per hour of the recent past, closed hours included. */
  get perHourMinor(): number {
    return this.#perHour;
  }
}
