/**
 * The store agent as a process of its own: a crashed window never stops a feed, and a crashed agent is started
 * again and resumes from its ledger. Packaged, it runs in an Electron utility process; from a checkout, on the
 * Node that package.json pins.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { agentRestarts, restartDelayMs } from './restart-policy.ts';

export interface RunningAgent {
  readonly stdout: Readable;
  readonly exited: Promise<void>;
  kill(): void;
}
/** Starts one agent process; the two ways differ only here. */
export type AgentLauncher = () => RunningAgent;

export interface AgentSupervisor {
  /** Resolves with the address of the agent's screens once it is ready. */
  readonly url: Promise<string>;
  stop(): Promise<void>;
}

export function superviseAgent(launch: AgentLauncher, log: (text: string) => void): AgentSupervisor {
  const url = Promise.withResolvers<string>();
  const deaths: number[] = [];
  let agent: RunningAgent | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopping = false;

  const start = () => {
    agent = launch();
    createInterface({ input: agent.stdout }).on('line', (line) => {
      const ready = readyUrl(line);
      if (ready) url.resolve(ready);
    });
    void agent.exited.then(() => {
      agent = undefined;
      if (stopping) return;
      const now = Date.now();
      deaths.push(now);
      const delay = restartDelayMs(agentRestarts, deaths, now);
      log(`the store agent ended; starting it again in ${delay} ms`);
      timer = setTimeout(start, delay);
    });
  };
  start();

  return {
    url: url.promise,
    async stop() {
      stopping = true;
      clearTimeout(timer);
      const last = agent;
      last?.kill();
      await last?.exited;
    },
  };
}

/** The agent says `{"event":"ready","url":...}` on a line of its own. */
function readyUrl(line: string): string | undefined {
  try {
    const event: unknown = JSON.parse(line);
    if (typeof event === 'object' && event !== null && 'url' in event && 'event' in event)
      return event.event === 'ready' && typeof event.url === 'string' ? event.url : undefined;
  } catch {
    // Anything that is no JSON is the agent's own talk.
  }
  return undefined;
}

/** @param command the program and its arguments, e.g. the pinned Node and `truecount store --config ...` */
export function nodeLauncher(
  command: readonly [string, ...string[]],
  environment: NodeJS.ProcessEnv,
): AgentLauncher {
  return () => {
    const [program, ...args] = command;
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], env: environment });
    return {
      stdout: child.stdout,
      exited: new Promise((resolve) => {
        child.on('exit', () => resolve());
        child.on('error', () => resolve());
      }),
      kill: () => child.kill('SIGTERM'),
    };
  };
}
