/** Long loops in short turns, so that an abort and the questions of others are heard in between. */
const SLICE_MS = 25;

export class Turns {
  readonly #signal: AbortSignal | undefined;
  #ends: number = performance.now() + SLICE_MS;

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  get isOver(): boolean {
    return performance.now() >= this.#ends;
  }

  /** Gives the turn up. @throws the signal's reason once it is aborted */
  async next(): Promise<void> {
    this.#signal?.throwIfAborted();
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#ends = performance.now() + SLICE_MS;
  }
}
