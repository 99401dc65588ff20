/** Runs the whole demo as a newcomer would, for tests: real processes, real addresses, ended at the end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parserFor } from '@truecount/protocol';
import { Type } from 'typebox';
import { processes } from './processes.ts';

const launcher = fileURLToPath(new URL('../../apps/cli/truecount.mjs', import.meta.url));
const parseAddresses = parserFor(
  Type.Object({ hub: Type.String(), stores: Type.Record(Type.String(), Type.String()) }),
);
const parseSecrets = parserFor(Type.Object({ operatorKey: Type.String() }));
const STOP_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 50;

export interface DemoRunOptions {
  /** Goes on in this folder instead of a new one. */
  readonly folder?: string;
  readonly speed?: number;
  readonly args?: readonly string[];
}

export class DemoRun {
  readonly folder: string;
  readonly lines: string[] = [];
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #waiting = new Set<() => void>();

  constructor(options: DemoRunOptions = {}) {
    this.folder = options.folder ?? mkdtempSync(join(tmpdir(), 'truecount-demo-'));
    this.#child = spawn(
      process.execPath,
      [
        launcher,
        'up',
        '--data',
        join(this.folder, 'demo'),
        '--speed',
        String(options.speed ?? 240),
        ...(options.args ?? []),
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    for (const stream of [this.#child.stdout, this.#child.stderr])
      if (stream)
        createInterface({ input: stream }).on('line', (line) => {
          this.lines.push(line);
          for (const look of this.#waiting) look();
        });
    this.#exited = new Promise((resolve) => this.#child.once('exit', () => resolve()));
    void this.#exited.then(() => {
      for (const look of this.#waiting) look();
    });
  }

  /** The first line, from `from` on, that matches; rejects when the demo ends or the time is up. */
  line(pattern: RegExp, withinMs: number, from = 0): Promise<string> {
    return new Promise((resolve, reject) => {
      const give = (problem: string) => {
        done();
        reject(new Error(`${problem}; the demo said:\n${this.lines.slice(-40).join('\n')}`));
      };
      const timer = setTimeout(
        () => give(`no line matched ${String(pattern)} within ${withinMs} ms`),
        withinMs,
      );
      const look = () => {
        const found = this.lines.slice(from).find((line) => pattern.test(line));
        if (found !== undefined) {
          done();
          resolve(found);
        } else if (this.#child.exitCode !== null) give('the demo ended');
      };
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(look);
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Resolves once everything is up. */
  async ready(withinMs = 120_000): Promise<void> {
    await this.line(/Ctrl-C stops everything/, withinMs);
  }

  get hubUrl(): string {
    return this.#addresses().hub;
  }

  storeUrl(store: string): string {
    const url = this.#addresses().stores[store];
    if (url === undefined) throw new Error(`the demo has no store ${store}`);
    return url;
  }

  get operatorKey(): string {
    const parsed = parseSecrets(this.#file('demo.json'));
    if (!parsed.ok) throw new Error(parsed.problem);
    return parsed.value.operatorKey;
  }

  /** JSON of the hub's API. */
  async hub(path: string): Promise<unknown> {
    return json(`${this.hubUrl}/api/${path}`, { authorization: `Bearer ${this.operatorKey}` });
  }

  async store(store: string, path: string): Promise<unknown> {
    return json(`${this.storeUrl(store)}/api/${path}`, {});
  }

  /** Process ids of the demo's children whose command line holds every one of these words. */
  pids(...words: readonly string[]): number[] {
    const own = join(this.folder, 'demo');
    return processes()
      .filter(({ command }) => command.includes(own) && words.every((word) => command.includes(word)))
      .map(({ pid }) => pid);
  }

  /** Ctrl-C; what was kept stays in the folder. */
  async stop(): Promise<void> {
    this.#child.kill('SIGINT');
    const killer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_WITHIN_MS);
    await this.#exited;
    clearTimeout(killer);
    // Killed, it cannot wait for what it started: that ends when it notices.
    while (this.pids('.json').length > 0) await pause(LOOK_EVERY_MS);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #addresses(): { hub: string; stores: Record<string, string> } {
    const parsed = parseAddresses(this.#file('addresses.json'));
    if (!parsed.ok) throw new Error(parsed.problem);
    return parsed.value;
  }

  #file(name: string): unknown {
    return JSON.parse(readFileSync(join(this.folder, 'demo', name), 'utf8'));
  }
}

async function json(url: string, headers: Record<string, string>): Promise<unknown> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return response.json();
}
