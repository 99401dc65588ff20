/**
 * Keeps the demo's processes running: starts each as a child, hands on its event lines, starts it again with
 * back-off when it dies, and stops all of them in order.
 *
 * States of a child: starting -> ready -> (exited -> starting)* -> stopped. A child that dies more often than
 * `MAX_RESTARTS` times within a minute stays down and says so, rather than spinning.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const MAX_RESTARTS = 5;
const RESTART_WINDOW_MS = 60_000;
const FIRST_BACKOFF_MS = 250;
const STOP_WITHIN_MS = 10_000;
/**
 * Four processes share a laptop: a small young generation, and no inlining in WebAssembly, which takes the compiler some
 * 40 MB, keep each lean at little cost in speed.
 */
const FRUGAL = [
  '--max-semi-space-size=2',
  '--max-old-space-size=384',
  '--no-wasm-inlining',
  '--no-wasm-inlining-call-indirect',
] as const;

export interface ChildSpec {
  readonly name: string;
  readonly args: readonly string[];
  /** Raw stderr lines go here (the child's log). */
  readonly log: (line: string) => void;
  /** One call per JSON line of the child's stdout. */
  readonly onEvent: (event: Readonly<Record<string, unknown>>) => void;
  readonly onExit: (text: string) => void;
}

export interface Supervised {
  readonly name: string;
  pid(): number | undefined;
  /** Resolves with the child's `ready` event; rejects when it gives up before. */
  readonly ready: Promise<Readonly<Record<string, unknown>>>;
  stop(): Promise<void>;
}

export function supervise(spec: ChildSpec): Supervised {
  let child: ChildProcess | undefined;
  let stopping = false;
  let restartTimer: NodeJS.Timeout | undefined;
  const deaths: number[] = [];
  const ready = Promise.withResolvers<Readonly<Record<string, unknown>>>();
  const stopped = Promise.withResolvers<void>();

  const start = () => {
    child = spawn(process.execPath, [...FRUGAL, ...spec.args], {
      // The child ends when this end of its standard input does, so that none outlives a killed supervisor.
      stdio: ['pipe', 'pipe', 'pipe'],
      // Its own process group: a Ctrl-C reaches the supervisor alone, which then stops the children in order.
      detached: true,
    });
    if (child.stdout)
      createInterface({ input: child.stdout }).on('line', (line) => {
        const event = parseEvent(line);
        if (!event) return spec.log(line);
        if (event['event'] === 'ready') ready.resolve(event);
        spec.onEvent(event);
      });
    if (child.stderr) createInterface({ input: child.stderr }).on('line', spec.log);
    child.on('error', (error) => spec.log(error.message));
    child.on('exit', (code, signal) => {
      child = undefined;
      if (stopping) return stopped.resolve();
      const now = Date.now();
      deaths.push(now);
      while (deaths[0] !== undefined && deaths[0] < now - RESTART_WINDOW_MS) deaths.shift();
      const how = signal ? `was killed (${signal})` : `ended with status ${code}`;
      if (deaths.length > MAX_RESTARTS) {
        const text = `${spec.name} ${how} ${deaths.length} times within a minute and stays down; its log says why`;
        spec.onExit(text);
        ready.reject(new Error(text));
        stopped.resolve();
        return;
      }
      spec.onExit(`${spec.name} ${how}; starting it again`);
      restartTimer = setTimeout(start, FIRST_BACKOFF_MS * 2 ** (deaths.length - 1));
    });
  };
  start();

  return {
    name: spec.name,
    pid: () => child?.pid,
    ready: ready.promise,
    async stop() {
      stopping = true;
      clearTimeout(restartTimer);
      if (!child) return;
      child.kill('SIGTERM');
      const killer = setTimeout(() => child?.kill('SIGKILL'), STOP_WITHIN_MS);
      await stopped.promise;
      clearTimeout(killer);
    },
  };
}

function parseEvent(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null && 'event' in parsed ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}
