/**
 * The agent's side of the model process.
 *
 * States: starting -> ready -> (dies) -> starting ...; `off` for good after too many deaths in a row or when the
 * file cannot be loaded. While it is not ready `generate` answers undefined and guidance goes on without a model.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { type ModelCard, type ModelReply, type ModelRequest, parseModelReply } from './model-messages.ts';

export interface ModelProcessOptions {
  readonly file: string;
  readonly contextTokens?: number;
  readonly threads?: number;
  readonly maxMemoryMb: number;
  readonly onNote?: (note: string) => void;
}

export interface ModelWork {
  readonly system: string;
  readonly prompt: string;
  readonly grammar: string;
  readonly maxTokens: number;
  readonly signal?: AbortSignal;
  readonly onText?: (text: string) => void;
}

/** What guidance needs of a model, wherever it runs. */
export interface ModelPort {
  /** Resolves when the model is ready or is known not to come. */
  ready(): Promise<ModelCard | undefined>;
  card(): ModelCard | undefined;
  /** Why there is none, in plain words. */
  problem(): string | undefined;
  /** The whole text; undefined when there is no model, it died, took too long, or the work was cancelled. */
  generate(work: ModelWork): Promise<string | undefined>;
  close(): Promise<void>;
}

const child = fileURLToPath(new URL('./model-child.ts', import.meta.url));
const MOST_DEATHS_IN_A_ROW = 5;
const FIRST_PAUSE_MS = 200;
const LONGEST_ANSWER_MS = 60_000;
const LOAD_MS = 120_000;

interface Waiting {
  readonly onText: (text: string) => void;
  readonly settle: (text: string | undefined) => void;
}

export class ModelProcess implements ModelPort {
  readonly #options: ModelProcessOptions;
  readonly #waiting = new Map<string, Waiting>();
  #process: ChildProcess | undefined;
  #card: ModelCard | undefined;
  #problem: string | undefined;
  #deaths = 0;
  #isClosed = false;
  #again: NodeJS.Timeout | undefined;
  #ready = Promise.withResolvers<ModelCard | undefined>();

  constructor(options: ModelProcessOptions) {
    this.#options = options;
    this.#start();
  }

  ready = (): Promise<ModelCard | undefined> => this.#ready.promise;
  card = (): ModelCard | undefined => this.#card;
  problem = (): string | undefined => this.#problem;

  async generate(work: ModelWork): Promise<string | undefined> {
    if (this.#card === undefined || work.signal?.aborted === true) return undefined;
    const id = randomUUID();
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    const cancel = (): void => {
      this.#send({ type: 'cancel', id });
      settle(undefined);
    };
    const timer = setTimeout(cancel, LONGEST_ANSWER_MS);
    const settle = (text: string | undefined): void => {
      clearTimeout(timer);
      work.signal?.removeEventListener('abort', cancel);
      this.#waiting.delete(id);
      resolve(text);
    };
    work.signal?.addEventListener('abort', cancel, { once: true });
    this.#waiting.set(id, { onText: work.onText ?? (() => undefined), settle });
    const { system, prompt, grammar, maxTokens } = work;
    this.#send({ type: 'generate', id, system, prompt, grammar, maxTokens });
    return promise;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#again);
    const running = this.#process;
    this.#gone('the agent is closing');
    this.#ready.resolve(undefined);
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGKILL');
    await ended;
  }

  /** The model's process, for tests that end it. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  #start(): void {
    const running = fork(child, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#process = running;
    running.stderr?.on('data', (text: Buffer) => this.#note(text.toString().trim()));
    const late = setTimeout(() => running.kill('SIGKILL'), LOAD_MS);
    running.on('message', (message) => {
      const parsed = parseModelReply(message);
      if (!parsed.ok) return this.#note(`the model process said something unknown: ${parsed.problem}`);
      if (parsed.value.type === 'loaded' || parsed.value.type === 'refused') clearTimeout(late);
      this.#hear(parsed.value);
    });
    running.on('error', (error) => this.#note(error.message));
    running.once('exit', (code, signal) => {
      clearTimeout(late);
      if (this.#process === running) this.#died(code, signal);
    });
    const { file, contextTokens, threads, maxMemoryMb } = this.#options;
    this.#send({
      type: 'load',
      file,
      maxMemoryMb,
      ...(contextTokens === undefined ? {} : { contextTokens }),
      ...(threads === undefined ? {} : { threads }),
    });
  }

  #hear(reply: ModelReply): void {
    switch (reply.type) {
      case 'loaded':
        this.#card = reply.card;
        this.#problem = undefined;
        this.#ready.resolve(reply.card);
        return;
      case 'refused':
        this.#stop(`the model ${this.#options.file} cannot be loaded: ${reply.problem}`);
        return;
      case 'chunk':
        this.#waiting.get(reply.id)?.onText(reply.text);
        return;
      case 'done':
        this.#deaths = 0;
        this.#waiting.get(reply.id)?.settle(reply.text);
        return;
      case 'failed':
        this.#note(`the model gave no answer: ${reply.problem}`);
        this.#waiting.get(reply.id)?.settle(undefined);
        return;
      default:
        reply satisfies never;
    }
  }

  #died(code: number | null, signal: NodeJS.Signals | null): void {
    this.#deaths += 1;
    this.#gone(`the model process ended (${signal ?? `code ${code}`})`);
    if (this.#isClosed) return;
    if (this.#deaths >= MOST_DEATHS_IN_A_ROW) {
      this.#stop(`the model process ended ${this.#deaths} times in a row`);
      return;
    }
    this.#again = setTimeout(() => this.#start(), FIRST_PAUSE_MS * 2 ** (this.#deaths - 1));
  }

  /** Nobody waits for a process that is not there. */
  #gone(why: string): void {
    this.#process = undefined;
    this.#card = undefined;
    this.#problem = why;
    this.#note(why);
    for (const { settle } of this.#waiting.values()) settle(undefined);
  }

  #stop(why: string): void {
    this.#isClosed = true;
    const running = this.#process;
    this.#gone(why);
    running?.kill('SIGKILL');
    this.#ready.resolve(undefined);
  }

  #note(note: string): void {
    if (note !== '') this.#options.onNote?.(note);
  }

  #send(message: ModelRequest): void {
    // A channel that has just closed is followed by the exit event, which settles what waits.
    this.#process?.send(message, () => undefined);
  }
}
