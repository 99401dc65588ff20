/**
 * The vision thread as the agent sees it.
 *
 * States: starting -> ready -> closed; a thread that dies is started again for the next frame. Invariants: at most
 * MAX_WAITING frames wait, a frame is answered, refused or timed out exactly once, and the frame's bytes are copied to the
 * thread, so the caller keeps its own.
 */
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Box, Frame } from './frame.ts';
import type { VisionReply, VisionRequest } from './vision-messages.ts';
import { VisionModelError } from './vision-model-error.ts';

export const SHIPPED_MODEL = fileURLToPath(new URL('../../../models/shelf/shelf-int8.onnx', import.meta.url));

export type Seen =
  | { readonly ok: true; readonly boxes: readonly Box[] }
  | { readonly ok: false; readonly code: 'E_VISION_BUSY' | 'E_VISION'; readonly problem: string };

export interface Vision {
  readonly modelVersion: string;
  see(frame: Frame): Promise<Seen>;
  close(): Promise<void>;
}

export interface VisionOptions {
  /** An ONNX file of the same input and output as models/shelf. */
  readonly modelPath?: string;
  /** A frame that takes longer is given up, and the thread with it. */
  readonly timeoutMs?: number;
}

/** Frames of cameras come once a second; more than this waiting means the machine cannot keep up. */
const MAX_WAITING = 8;
const TIMEOUT_MS = 60_000;
/** Heap of the thread; the network's and the pictures' own memory comes on top. */
const HEAP_MB = 256;

interface Thread {
  readonly worker: Worker;
  readonly version: string;
}

/** @throws VisionModelError when the model cannot be loaded */
export async function startVision(options: VisionOptions = {}): Promise<Vision> {
  const { modelPath = SHIPPED_MODEL, timeoutMs = TIMEOUT_MS } = options;
  const waiting = new Map<number, (seen: Seen) => void>();
  let next = 0;
  let isClosed = false;
  let thread: Promise<Thread> | undefined;

  const lose = (problem: string): void => {
    thread = undefined;
    for (const answer of waiting.values()) answer({ ok: false, code: 'E_VISION', problem });
    waiting.clear();
  };
  const onReply = (reply: VisionReply): void => {
    if (reply.type !== 'seen' && reply.type !== 'not-seen') return;
    const answer = waiting.get(reply.id);
    waiting.delete(reply.id);
    answer?.(
      reply.type === 'seen'
        ? { ok: true, boxes: reply.boxes }
        : { ok: false, code: 'E_VISION', problem: `the frame could not be looked at: ${reply.problem}` },
    );
  };
  const open = (): Promise<Thread> => {
    const opening = startThread(modelPath, onReply, () =>
      lose('the vision thread ended; the next frame starts it again'),
    );
    thread = opening;
    // Whoever awaits `opening` hears of a failure; here it only clears the way for another try.
    opening.catch(() => {
      if (thread === opening) thread = undefined;
    });
    return opening;
  };
  const { version } = await open();

  const see = async (frame: Frame): Promise<Seen> => {
    if (isClosed) return { ok: false, code: 'E_VISION', problem: 'vision is closed' };
    if (waiting.size >= MAX_WAITING)
      return {
        ok: false,
        code: 'E_VISION_BUSY',
        problem: `${MAX_WAITING} frames wait already; ask for fewer frames a second`,
      };
    const id = next++;
    const seen = new Promise<Seen>((resolve) => waiting.set(id, resolve));
    const running = await (thread ?? open()).catch((error: unknown) => String(error));
    if (typeof running === 'string') {
      waiting.delete(id);
      return { ok: false, code: 'E_VISION', problem: running };
    }
    const { worker } = running;
    worker.ref();
    const timer = setTimeout(() => {
      lose(`a frame took longer than ${timeoutMs / 1000} s and was given up`);
      worker.terminate().catch(() => undefined);
    }, timeoutMs);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
    worker.postMessage({ id, frame } satisfies VisionRequest);
    try {
      return await seen;
    } finally {
      clearTimeout(timer);
      // An agent that is done ends, also where nobody closed its vision.
      if (waiting.size === 0) worker.unref();
    }
  };

  return {
    modelVersion: version,
    see,
    close: async () => {
      isClosed = true;
      const last = thread;
      lose('vision is closed');
      await (await last?.catch(() => undefined))?.worker.terminate();
    },
  };
}

function startThread(
  modelPath: string,
  onReply: (reply: VisionReply) => void,
  onEnd: () => void,
): Promise<Thread> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./vision-child.ts', import.meta.url), {
      workerData: { modelPath },
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    worker.on('message', (reply: VisionReply) => {
      if (reply.type === 'ready') {
        worker.unref();
        resolve({ worker, version: reply.version });
      }
      if (reply.type === 'failed') reject(new VisionModelError(reply.problem));
      else onReply(reply);
    });
    worker.once('error', (error) => {
      reject(error);
      onEnd();
    });
    worker.once('exit', onEnd);
  });
}
