/**
 * Requests wait here: those of one device run one after the other, those of different devices side by side up to a
 * limit. What does not fit is turned away at once, so a storm of reconnects costs memory within a bound.
 */
export type RequestKind = 'push' | 'other';

export interface QueueLimits {
  /** Requests that run at the same time. */
  readonly running: Readonly<Record<RequestKind, number>>;
  /** Requests of one device that wait or run. */
  readonly perDevice: number;
  /** Requests of all devices that wait or run. */
  readonly total: number;
  /** Of all of them, as they came. */
  readonly bytes: number;
}

export interface Job {
  readonly kind: RequestKind;
  readonly bytes: number;
  /** Settles without throwing. */
  readonly run: () => Promise<void>;
}

export class RequestQueue {
  readonly #limits: QueueLimits;
  readonly #lines = new Map<string, Job[]>();
  /** Devices whose next request may start, in the order they became ready. */
  readonly #ready: Readonly<Record<RequestKind, string[]>> = { push: [], other: [] };
  readonly #running: Record<RequestKind, number> = { push: 0, other: 0 };
  #total = 0;
  #bytes = 0;
  #idle: (() => void)[] = [];

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  /** @returns false when there is no room */
  add(device: string, job: Job): boolean {
    const { total, bytes, perDevice } = this.#limits;
    const line = this.#lines.get(device);
    const isFull = this.#total >= total || this.#bytes + job.bytes > bytes;
    if (isFull || (line && line.length >= perDevice)) return false;
    this.#total += 1;
    this.#bytes += job.bytes;
    if (line) line.push(job);
    else {
      this.#lines.set(device, [job]);
      this.#makeReady(device, job);
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

  #makeReady(device: string, { kind }: Job): void {
    this.#ready[kind].push(device);
    this.#startNext(kind);
  }

  #startNext(kind: RequestKind): void {
    while (this.#running[kind] < this.#limits.running[kind]) {
      const device = this.#ready[kind].shift();
      const job = device === undefined ? undefined : this.#lines.get(device)?.[0];
      if (device === undefined || !job) return;
      this.#running[kind] += 1;
      job
        .run()
        .finally(() => this.#ended(device, job))
        .catch(() => undefined);
    }
  }

  #ended(device: string, { kind, bytes }: Job): void {
    this.#running[kind] -= 1;
    this.#total -= 1;
    this.#bytes -= bytes;
    const line = this.#lines.get(device);
    line?.shift();
    const next = line?.[0];
    if (next) this.#makeReady(device, next);
    else this.#lines.delete(device);
    if (this.#total === 0) for (const resolve of this.#idle.splice(0)) resolve();
    this.#startNext(kind);
  }
}
