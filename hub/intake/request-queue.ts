/**
 * Requests wait here: those of one device run one after the other, those of different devices side by side up to a
 * limit. What does not fit is turned away at once, so a storm of reconnects costs memory within a bound.
 */
export interface QueueLimits {
  /** Requests that run at the same time. */
  readonly running: number;
  /** Requests of one device that wait or run. */
  readonly perDevice: number;
  /** Requests of all devices that wait or run. */
  readonly total: number;
}

type Job = () => Promise<void>;

export class RequestQueue {
  readonly #limits: QueueLimits;
  readonly #lines = new Map<string, Job[]>();
  /** Devices whose next request may start, in the order they became ready. */
  readonly #ready: string[] = [];
  #running = 0;
  #total = 0;
  #idle: (() => void)[] = [];

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  /** @param job settles without throwing. @returns false when there is no room */
  add(device: string, job: Job): boolean {
    const line = this.#lines.get(device);
    if (this.#total >= this.#limits.total || (line && line.length >= this.#limits.perDevice)) return false;
    this.#total += 1;
    if (line) line.push(job);
    else {
      this.#lines.set(device, [job]);
      this.#ready.push(device);
      this.#startNext();
    }
    return true;
  }

  get waiting(): number {
    return this.#total;
  }

  /** Resolves when nothing waits or runs. */
  idle(): Promise<void> {
    if (this.#total === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idle.push(resolve);
    });
  }

  #startNext(): void {
    while (this.#running < this.#limits.running) {
      const device = this.#ready.shift();
      const job = device === undefined ? undefined : this.#lines.get(device)?.[0];
      if (device === undefined || !job) return;
      this.#running += 1;
      job()
        .finally(() => this.#ended(device))
        .catch(() => undefined);
    }
  }

  #ended(device: string): void {
    this.#running -= 1;
    this.#total -= 1;
    const line = this.#lines.get(device);
    line?.shift();
    if (line && line.length > 0) this.#ready.push(device);
    else this.#lines.delete(device);
    if (this.#total === 0) for (const resolve of this.#idle.splice(0)) resolve();
    this.#startNext();
  }
}
