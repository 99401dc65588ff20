/** Starts the night thread, hears what it says, and ends it: asked first, then by force. */
import { Worker } from 'node:worker_threads';
import { type NightReport, type NightRequest, STOP } from './night-messages.ts';

export interface NightThread {
  /** Asks the thread to stop; it is ended when it does not. Resolves when it is gone. */
  stop(): Promise<void>;
}

/** Starts a night; `onReport` hears a last `done`, `stopped` or `failed` whatever happens. */
export type StartNight = (request: NightRequest, onReport: (report: NightReport) => void) => NightThread;

const MAX_HEAP_MB = 1024;
const GRACE_MS = 10_000;
/** Beside this file; or, where this file is part of a chunk of the packaged agent, beside the agent. */
const THREAD = import.meta.url.endsWith('.ts') ? './night-thread.ts' : '../night-thread.mjs';

export const startNightThread: StartNight = (request, onReport) => {
  const worker = new Worker(new URL(THREAD, import.meta.url), {
    name: 'night',
    workerData: request,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
  worker.unref();
  const gone = Promise.withResolvers<void>();
  let isTold = false;
  const tell = (report: NightReport): void => {
    if (isTold) return;
    isTold = report.type !== 'progress';
    onReport(report);
  };
  worker.on('message', tell);
  worker.on('error', (error) => tell({ type: 'failed', message: String(error) }));
  worker.on('exit', (code) => {
    tell({ type: 'failed', message: `the night thread ended with code ${code}` });
    gone.resolve();
  });
  return {
    stop: async () => {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      worker.postMessage(STOP);
      const force = setTimeout(() => void worker.terminate(), GRACE_MS);
      await gone.promise;
      clearTimeout(force);
    },
  };
};
