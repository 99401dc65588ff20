/** What was done at the screens in the last minutes and may still be taken back. Forgotten by a restart. */
const UNDO_WITHIN_MS = 15 * 60_000;
const MAX_ACTS = 1000;

export class RecentActs {
  readonly #doneAtMs = new Map<string, number>();
  readonly #now: () => number;

  /** @param now the machine's own clock, since people take their time in it */
  constructor(now: () => number) {
    this.#now = now;
  }

  note(...ids: readonly (string | undefined)[]): void {
    for (const id of ids) if (id !== undefined) this.#doneAtMs.set(id, this.#now());
    for (const oldest of this.#doneAtMs.keys()) {
      if (this.#doneAtMs.size <= MAX_ACTS) break;
      this.#doneAtMs.delete(oldest);
    }
  }

  isRecent(id: string): boolean {
    const at = this.#doneAtMs.get(id);
    return at !== undefined && this.#now() - at <= UNDO_WITHIN_MS;
  }
}
