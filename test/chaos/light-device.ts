/**
 * A device without documents: the product's own connection, session, requests and remote, and a few positions to push
 * and pull as replication would. RxDB admits 16 collections in one process, so a thousand stores in one are these.
 */
import { randomBytes } from 'node:crypto';
import { type HubAddress } from '../../device/sync/index.ts';
import { type Remote, remoteOf } from '../../device/sync/remote.ts';
import { Session } from '../../device/sync/session.ts';
import { defaultTiming } from '../../device/sync/timing.ts';
import { type DeviceAddress, systemClock, type WireDocument } from '../../protocol/index.ts';
import { aPosition } from '../builders/documents.ts';

export class LightDevice {
  readonly address: DeviceAddress;
  /** What the session warned of. */
  readonly warnings: string[] = [];
  /** Positions that the hub has not taken yet. */
  #unsent: WireDocument[] = [];
  #hasPulled = false;
  #isPushing = false;
  #opened = 0;
  readonly #session: Session;
  readonly #positions: Remote;
  readonly #tasks: Remote;
  readonly #known = new Map<string, WireDocument>();
  readonly #onSettled: () => void;

  /** @param onSettled may be steady now */
  constructor(address: DeviceAddress, hub: HubAddress, onSettled: () => void) {
    this.address = address;
    this.#onSettled = onSettled;
    const start = randomBytes(16).toString('hex');
    const onWarning = (text: string): unknown => this.warnings.push(text);
    this.#session = new Session({
      clock: systemClock,
      hub,
      identity: { ...address, epoch: 1, start, lineage: [start] },
      version: '0.1.0',
      timing: defaultTiming,
      random: Math.random,
      onOnline: () => {
        this.#opened += 1;
        this.#session.requests.open();
        void this.#exchange();
      },
      onAway: () => this.#session.requests.failAll(),
      onMessage: () => undefined,
      onChange: onSettled,
      onWarning,
    });
    const remote = (collection: 'positions' | 'tasks'): Remote =>
      remoteOf({
        requests: this.#session.requests,
        collection,
        onQuarantine: (total) => {
          if (total > 0) this.warnings.push(`${total} documents were set aside`);
        },
        onWarning,
      });
    this.#positions = remote('positions');
    this.#tasks = remote('tasks');
  }

  /** Online, nothing to send, and looked for news since it came back. */
  get isSteady(): boolean {
    return this.#session.isOnline && this.#unsent.length === 0 && this.#hasPulled;
  }

  /** Times the hub accepted it. */
  get opened(): number {
    return this.#opened;
  }

  start(): void {
    this.#session.start();
  }

  /** As the belief writes while nobody hears it; the next connection brings them. */
  change(positions: number, mean: number): void {
    const { store } = this.address;
    this.#hasPulled = false;
    this.#unsent = Array.from(
      { length: positions },
      (_, n) => aPosition({ store, sku: `sku-${n}`, mean }) as unknown as WireDocument,
    );
    if (this.#session.isOnline) void this.#exchange();
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  /** Pushes and pulls until the hub has answered both; a cut ends it, and the next connection begins again. */
  async #exchange(): Promise<void> {
    if (this.#isPushing) return;
    this.#isPushing = true;
    try {
      const rows = this.#unsent.map((next) => ({ next, assumed: this.#known.get(next.id) ?? null }));
      if (rows.length > 0) {
        const pushed = await this.#positions.push(rows);
        // A push whose answer was lost may have been taken: the hub then says what it has.
        for (const master of pushed.conflicts) this.#known.set(master.id, master);
        const conflicts = new Set(pushed.conflicts.map(({ id }) => id));
        for (const { next } of rows) if (!conflicts.has(next.id)) this.#known.set(next.id, next);
        this.#unsent = this.#unsent.filter(({ id }) => conflicts.has(id));
      }
      await this.#tasks.pull(null, 200);
      this.#hasPulled = true;
    } catch (error) {
      if (this.#session.isOnline) this.warnings.push(String(error));
    } finally {
      this.#isPushing = false;
      this.#onSettled();
    }
    if (this.#session.isOnline && this.#unsent.length > 0) void this.#exchange();
  }
}
