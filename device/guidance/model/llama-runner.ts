/**
 * One GGUF file in node-llama-cpp: CPU only, its prebuilt binary or none (nothing is downloaded or built), the
 * file's own chat template, greedy decoding under the request's grammar.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import {
  type ChatWrapper,
  getLlama,
  type Llama,
  LlamaChat,
  type LlamaContext,
  type LlamaContextSequence,
  LlamaLogLevel,
  type LlamaModel,
  readGgufFileInfo,
  resolveChatWrapper,
} from 'node-llama-cpp';
import type { ModelCard } from './model-messages.ts';

export interface RunnerOptions {
  readonly file: string;
  readonly contextTokens?: number;
  readonly threads?: number;
}

export interface Generation {
  readonly system: string;
  readonly prompt: string;
  readonly grammar: string;
  readonly maxTokens: number;
  readonly signal: AbortSignal;
  readonly onText: (text: string) => void;
}

/** A prompt with six paragraphs and its answer; more only costs memory. */
const ENOUGH_TOKENS = 4096;
/** llama.cpp crawls when it has more threads than free cores, so half the machine at most. */
const MOST_THREADS = 4;

export class LlamaRunner {
  readonly card: ModelCard;
  readonly #llama: Llama;
  readonly #model: LlamaModel;
  readonly #context: LlamaContext;
  readonly #sequence: LlamaContextSequence;
  readonly #wrapper: ChatWrapper;

  private constructor(parts: {
    card: ModelCard;
    llama: Llama;
    model: LlamaModel;
    context: LlamaContext;
    sequence: LlamaContextSequence;
    wrapper: ChatWrapper;
  }) {
    this.card = parts.card;
    this.#llama = parts.llama;
    this.#model = parts.model;
    this.#context = parts.context;
    this.#sequence = parts.sequence;
    this.#wrapper = parts.wrapper;
  }

  static async open(options: RunnerOptions, cores: number): Promise<LlamaRunner> {
    const info = await readGgufFileInfo(options.file, { logWarnings: false });
    const llama = await getLlama({
      gpu: false,
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      logLevel: LlamaLogLevel.error,
    });
    const threads = options.threads ?? Math.min(MOST_THREADS, Math.max(1, Math.floor(cores / 2)));
    const model = await llama.loadModel({ modelPath: options.file, gpuLayers: 0 });
    const contextTokens = options.contextTokens ?? Math.min(model.trainContextSize, ENOUGH_TOKENS);
    const context = await model.createContext({
      sequences: 1,
      contextSize: contextTokens,
      batchSize: Math.min(512, contextTokens),
      threads,
    });
    const own = ownFields(info.metadata);
    const card: ModelCard = {
      name: model.fileInfo.metadata.general.name ?? basename(options.file),
      hash: await sha256(options.file),
      ...own,
      contextTokens: context.contextSize,
      threads,
    };
    // Half a second of work on the template, once instead of for each answer.
    const wrapper = resolveChatWrapper(model);
    return new LlamaRunner({ card, llama, model, context, sequence: context.getSequence(), wrapper });
  }

  async generate(work: Generation): Promise<string> {
    const chat = new LlamaChat({ contextSequence: this.#sequence, chatWrapper: this.#wrapper });
    try {
      const grammar = await this.#llama.createGrammar({ grammar: work.grammar });
      const { response } = await chat.generateResponse(
        [
          ...(work.system === '' ? [] : [{ type: 'system' as const, text: work.system }]),
          { type: 'user', text: work.prompt },
          { type: 'model', response: [] },
        ],
        {
          grammar,
          temperature: 0,
          maxTokens: work.maxTokens,
          signal: work.signal,
          onTextChunk: work.onText,
        },
      );
      return response;
    } finally {
      chat.dispose({ disposeSequence: false });
    }
  }

  tokens(text: string): readonly number[] {
    return this.#model.tokenize(text);
  }

  async close(): Promise<void> {
    await this.#context.dispose();
    await this.#model.dispose();
    await this.#llama.dispose();
  }
}

/** The fields under which models trained here say how they want to be asked. */
function ownFields(metadata: object): Pick<ModelCard, 'prompt' | 'actions' | 'words'> {
  const own: unknown = 'truecount' in metadata ? metadata.truecount : undefined;
  if (typeof own !== 'object' || own === null) return {};
  const prompt = 'prompt' in own && typeof own.prompt === 'string' ? own.prompt : undefined;
  const actions = 'actions' in own ? textsOf(own.actions) : undefined;
  const words = 'words' in own ? textsOf(own.words) : undefined;
  return {
    ...(prompt === undefined ? {} : { prompt }),
    ...(actions === undefined ? {} : { actions }),
    ...(words === undefined ? {} : { words }),
  };
}

const textsOf = (value: unknown): string[] | undefined =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : undefined;

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
