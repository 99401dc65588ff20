/**
 * One open serial port as something to read from. Bytes queue up to a bound, beyond which the port is paused;
 * a port that breaks or is closed ends the reading with a reason instead of an exception.
 */
import type { SerialPort } from 'serialport';

const MAX_QUEUED_BYTES = 256 * 1024;
const OPEN_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 2000;

export interface LineSettings {
  readonly baudRate: number;
  readonly dataBits: 5 | 6 | 7 | 8;
  readonly stopBits: 1 | 2;
  readonly parity: 'none' | 'even' | 'odd';
}

export type Received =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'closed'; readonly reason: string };

export class PortLink {
  readonly #port: SerialPort;
  #queue: Uint8Array[] = [];
  #queued = 0;
  #closedBecause: string | undefined;
  #wake: (() => void) | undefined;

  private constructor(port: SerialPort) {
    this.#port = port;
    port.on('data', (bytes: Uint8Array) => {
      this.#queue.push(bytes);
      this.#queued += bytes.length;
      if (this.#queued > MAX_QUEUED_BYTES) port.pause();
      this.#wake?.();
    });
    port.on('close', (error: Error | null) => this.#end(error?.message ?? 'closed'));
    port.on('error', (error: Error) => this.#end(error.message));
  }

  /** Rejects when the port cannot be opened, or does not open in time. */
  static async open(path: string, line: LineSettings): Promise<PortLink> {
    const { SerialPort } = await import('serialport');
    const port = new SerialPort({ path, ...line, autoOpen: false });
    const link = new PortLink(port);
    await new Promise<void>((resolve, reject) => {
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        reject(new Error(`it did not open within ${OPEN_TIMEOUT_MS / 1000} s`));
      }, OPEN_TIMEOUT_MS);
      port.open((error) => {
        clearTimeout(timer);
        if (isLate && !error) void link.close();
        else if (error) reject(error);
        else resolve();
      });
    });
    return link;
  }

  /** What came since the last call, all of it; waits up to `timeoutMs` for the first byte. */
  async receive(timeoutMs: number): Promise<Received> {
    if (this.#queued === 0 && this.#closedBecause === undefined) await this.#wait(timeoutMs);
    if (this.#queued > 0) return { kind: 'bytes', bytes: this.#take() };
    return this.#closedBecause === undefined
      ? { kind: 'nothing' }
      : { kind: 'closed', reason: this.#closedBecause };
  }

  /** Ends a wait that is under way. */
  interrupt(): void {
    this.#wake?.();
  }

  async close(): Promise<void> {
    this.#end('closed here');
    if (!this.#port.isOpen) return;
    const port = this.#port;
    await new Promise<void>((resolve) => {
      // A driver that hangs in close must not hang the feed; the descriptor goes with the process.
      const timer = setTimeout(resolve, CLOSE_TIMEOUT_MS);
      port.close(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #wait(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      this.#wake = done;
    });
  }

  #take(): Uint8Array {
    const bytes = this.#queue.length === 1 ? (this.#queue[0] as Uint8Array) : Buffer.concat(this.#queue);
    this.#queue = [];
    this.#queued = 0;
    if (this.#port.isOpen && this.#port.isPaused()) this.#port.resume();
    return bytes;
  }

  #end(reason: string): void {
    this.#closedBecause ??= reason;
    this.#wake?.();
  }
}
