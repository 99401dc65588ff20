/**
 * The process in which a language model runs: what it does wrong (a crash in native code, too much memory) ends
 * here and not in the agent. Speaks model-messages.ts over IPC; ends when its parent is gone.
 */
import { availableParallelism } from 'node:os';
import { LlamaRunner } from './llama-runner.ts';
import { type ModelReply, type ModelRequest, parseModelRequest } from './model-messages.ts';

const MEMORY_LOOK_MS = 500;
const MEMORY_EXIT_CODE = 77;
const BYTES_PER_MB = 1024 * 1024;

let runner: LlamaRunner | undefined;
const running = new Map<string, AbortController>();
const tell = (reply: ModelReply): void => {
  process.send?.(reply);
};
const problemOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

process.on('message', (message) => {
  const parsed = parseModelRequest(message);
  if (!parsed.ok) throw new Error(`a message of the agent is not understood: ${parsed.problem}`);
  void answer(parsed.value);
});
process.on('disconnect', () => process.exit(0));

async function answer(request: ModelRequest): Promise<void> {
  switch (request.type) {
    case 'load':
      return load(request);
    case 'generate':
      return generate(request);
    case 'cancel':
      running.get(request.id)?.abort();
      return;
    default:
      request satisfies never;
  }
}

async function load(request: Extract<ModelRequest, { type: 'load' }>): Promise<void> {
  const cap = request.maxMemoryMb * BYTES_PER_MB;
  // Native memory counts too, which no flag of Node bounds.
  setInterval(() => {
    if (process.memoryUsage.rss() > cap) process.exit(MEMORY_EXIT_CODE);
  }, MEMORY_LOOK_MS).unref();
  try {
    runner = await LlamaRunner.open(request, availableParallelism());
    tell({ type: 'loaded', card: runner.card });
  } catch (error) {
    tell({ type: 'refused', problem: problemOf(error) });
  }
}

async function generate(request: Extract<ModelRequest, { type: 'generate' }>): Promise<void> {
  const { id } = request;
  if (runner === undefined) return tell({ type: 'failed', id, problem: 'no model is loaded' });
  const abort = new AbortController();
  running.set(id, abort);
  try {
    const text = await runner.generate({
      ...request,
      signal: abort.signal,
      onText: (chunk) => tell({ type: 'chunk', id, text: chunk }),
    });
    tell({ type: 'done', id, text });
  } catch (error) {
    tell({ type: 'failed', id, problem: abort.signal.aborted ? 'cancelled' : problemOf(error) });
  } finally {
    running.delete(id);
  }
}
