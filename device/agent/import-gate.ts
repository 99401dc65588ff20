/**
 * Tells a bulk import of history from the day's business. While history streams in, time must not be moved on to
 * the present (the rest of the history would be late then) and looking at every SKU again and again is waste.
 */
const OLD_MS = 3_600_000;
/** That many old facts within `WINDOW_MS` are an import; a till with a wrong clock does not reach it. */
const IMPORT_RATE = 200;
const WINDOW_MS = 2000;

export class ImportGate {
  #windowStartMs = 0;
  #old = 0;
  #importingUntilMs = 0;

  /** @param realMs the machine's monotonic clock */
  heard(observedMs: number, nowMs: number, realMs: number): void {
    if (nowMs - observedMs < OLD_MS) return;
    if (realMs - this.#windowStartMs > WINDOW_MS) {
      this.#windowStartMs = realMs;
      this.#old = 0;
    }
    this.#old += 1;
    if (this.#old >= IMPORT_RATE) this.#importingUntilMs = realMs + WINDOW_MS;
  }

  isImporting(realMs: number): boolean {
    return realMs < this.#importingUntilMs;
  }
}
