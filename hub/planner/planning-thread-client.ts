/**
 * Owns the planning thread from outside: starts it on the first request, runs one request at a time, asks it to
 * stop when the caller aborts, and ends it when it does not (it is started again for the next request).
 *
 * States: idle (no thread) -> running -> idle or warm; closed is final. A thread that dies fails the request that
 * it held and no other.
 */
import { Worker } from 'node:worker_threads';
import type { PackedProblem } from './packed-problem.ts';
import { packedBuffers } from './packed-problem.ts';
import { PlanningError, type PlanningErrorCode } from './planning-error.ts';
import type { PlanAnswer, PlanRequest } from './planner-messages.ts';

/** A thread that was asked to stop, or is past its time limit, is ended after this. */
const GRACE_MS = 5_000;
const MAX_HEAP_MB = 1536;

export type PlanFlows = Extract<PlanAnswer, { ok: true }>;

export interface ThreadRequest {
  readonly timeLimitSeconds: number;
  readonly gap: number;
  readonly signal?: AbortSignal | undefined;
}

export class PlanningThread {
  #worker: Worker | undefined;
  #closed = false;
  #nextId = 1;
  #last: Promise<unknown> = Promise.resolve();

  /** Hands the packed buffers over; the caller cannot use them afterwards. */
  run(packed: PackedProblem, request: ThreadRequest): Promise<PlanFlows> {
    const entered = this.#last.then(() => this.#enter(packed, request));
    this.#last = entered.then(
      ({ left }) => left,
      () => undefined,
    );
    return entered.then(({ answer }) => answer);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#worker?.terminate();
    this.#worker = undefined;
  }

  /** Starts a request. `answer` settles for the caller, `left` when the thread is free again. */
  #enter(packed: PackedProblem, { timeLimitSeconds, gap, signal }: ThreadRequest): Entered {
    if (this.#closed) throw new PlanningError('plan-closed', 'The planner is closed; create another one.');
    if (signal?.aborted) throw abortedBy(signal);
    const worker = (this.#worker ??= this.#start());
    const stop = new SharedArrayBuffer(4);
    const id = this.#nextId++;
    const answer = Promise.withResolvers<PlanFlows>();
    const left = Promise.withResolvers<void>();
    const end = (): void => void worker.terminate();
    const overdue = setTimeout(end, timeLimitSeconds * 1500 + 6 * GRACE_MS);
    let grace: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
      Atomics.store(new Int32Array(stop), 0, 1);
      grace = setTimeout(end, GRACE_MS);
      if (signal) answer.reject(abortedBy(signal));
    };
    const leave = (): void => {
      clearTimeout(overdue);
      clearTimeout(grace);
      signal?.removeEventListener('abort', onAbort);
      worker.off('message', onMessage).off('error', onDeath).off('exit', onDeath);
      worker.unref();
      left.resolve();
    };
    const onMessage = (reply: PlanAnswer): void => {
      if (reply.id !== id) return;
      if (reply.ok) answer.resolve(reply);
      else answer.reject(new PlanningError(reply.code as PlanningErrorCode, reply.message));
      leave();
    };
    const onDeath = (why: unknown): void => {
      this.#worker = undefined;
      answer.reject(this.#deathError(why));
      leave();
    };
    worker.on('message', onMessage).on('error', onDeath).on('exit', onDeath);
    signal?.addEventListener('abort', onAbort, { once: true });
    worker.ref();
    const request: PlanRequest = { id, packed, timeLimitSeconds, gap, stop };
    worker.postMessage(request, packedBuffers(packed));
    return { answer: answer.promise, left: left.promise };
  }

  #deathError(why: unknown): PlanningError {
    if (this.#closed)
      return new PlanningError('plan-closed', 'The planner was closed while it was planning.');
    return new PlanningError('plan-solver-failed', `The planning thread ended (${String(why)}). Plan again.`);
  }

  #start(): Worker {
    return new Worker(new URL('./planner-thread.ts', import.meta.url), {
      name: 'planner',
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
  }
}

interface Entered {
  readonly answer: Promise<PlanFlows>;
  readonly left: Promise<void>;
}

function abortedBy(signal: AbortSignal): PlanningError {
  return new PlanningError('plan-aborted', 'Planning was aborted by its caller.', { cause: signal.reason });
}
