/**
 * One of the product's own processes (`truecount store`, `truecount hub`), started from a config file as an operator
 * would, killed and started again. A process that ends without being asked to is a finding, not a nuisance: it is kept
 * in `unasked`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { processes } from '../demo/processes.ts';

const LAUNCHER = fileURLToPath(new URL('../../apps/cli/truecount.mjs', import.meta.url));
const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 20_000;
const KEPT_LINES = 200;
/** Of the kernel's accounting, a second (sysconf(_SC_CLK_TCK), 100 on every Linux of ours). */
const CLOCK_TICKS = 100;

/** A run that ends early leaves nothing running. */
const alive = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

export type Ready = Readonly<Record<string, unknown>>;

interface Running {
  readonly child: ChildProcess;
  readonly exited: Promise<void>;
  readonly ready: Promise<Ready>;
  /** An end that was asked for. */
  isAsked: boolean;
}

export class ServerProcess {
  readonly name: string;
  /** Ends that nobody asked for, with the last lines of the log. */
  readonly unasked: string[] = [];
  /** Most resident memory seen, bytes. */
  peakBytes = 0;
  kills = 0;
  readonly #args: readonly string[];
  readonly #lines: string[] = [];
  #running: Running | undefined;

  constructor(name: string, args: readonly string[]) {
    this.name = name;
    this.#args = args;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** The last lines it wrote, for a report. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Resolves with the `ready` event; rejects when the process ends before, also when it was killed. */
  start(): Promise<Ready> {
    if (this.#running) return this.#running.ready;
    const child = spawn(process.execPath, [LAUNCHER, ...this.#args], { stdio: ['ignore', 'pipe', 'pipe'] });
    alive.add(child);
    const ready = Promise.withResolvers<Ready>();
    // A start that is killed again is no failure of whoever does not wait for it.
    ready.promise.catch(() => undefined);
    const timer = setTimeout(
      () => ready.reject(new Error(this.#report(`was not ready within ${READY_WITHIN_MS} ms`))),
      READY_WITHIN_MS,
    );
    const read = (line: string): void => {
      this.#keep(line);
      const event = eventIn(line);
      if (event?.['event'] === 'ready') ready.resolve(event);
    };
    for (const stream of [child.stdout, child.stderr])
      if (stream) createInterface({ input: stream }).on('line', read);
    const exited = new Promise<void>((resolve) => {
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        alive.delete(child);
        if (!running.isAsked)
          this.unasked.push(this.#report(`ended by itself (${signal ?? `status ${code}`})`));
        if (this.#running === running) this.#running = undefined;
        ready.reject(new Error(`${this.name} ended before it was ready`));
        resolve();
      });
    });
    const running: Running = { child, exited, ready: ready.promise, isAsked: false };
    this.#running = running;
    void ready.promise.then(
      () => clearTimeout(timer),
      () => undefined,
    );
    return ready.promise;
  }

  /** `kill -9`: nothing in the process gets a say. */
  async kill(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    running.isAsked = true;
    this.kills += 1;
    running.child.kill('SIGKILL');
    await running.exited;
  }

  /** As a service manager stops it; one that does not end in time is a finding. */
  async stop(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    running.isAsked = true;
    running.child.kill('SIGTERM');
    const killer = setTimeout(() => {
      this.unasked.push(this.#report(`did not stop within ${STOP_WITHIN_MS} ms`));
      running.child.kill('SIGKILL');
    }, STOP_WITHIN_MS);
    await running.exited;
    clearTimeout(killer);
  }

  /** Stops it as it is for a while, as a machine does that sleeps or swaps. */
  suspend(): void {
    this.#running?.child.kill('SIGSTOP');
  }

  resume(): void {
    this.#running?.child.kill('SIGCONT');
  }

  /** Resident memory now, bytes; 0 while it does not run. */
  lookAtMemory(): number {
    const pid = this.#running?.child.pid;
    const bytes = processes().find((process) => process.pid === pid)?.residentBytes ?? 0;
    this.peakBytes = Math.max(this.peakBytes, bytes);
    return bytes;
  }

  /** Processor time it has used since it started, seconds; 0 where there is no /proc. */
  cpuSeconds(): number {
    const pid = this.#running?.child.pid;
    if (pid === undefined || !existsSync(`/proc/${pid}/stat`)) return 0;
    // proc_pid_stat(5): utime and stime are the 14th and 15th field; the second may hold spaces and ends with ')'.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS;
  }

  #keep(line: string): void {
    this.#lines.push(line.slice(0, 2000));
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
  }

  #report(what: string): string {
    return `${this.name} ${what}; its last lines:\n${this.#lines.slice(-15).join('\n')}`;
  }
}

function eventIn(line: string): Ready | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}
