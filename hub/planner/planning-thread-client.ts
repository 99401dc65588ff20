/**
 * Owns the planning thread from outside: starts it on the first request, runs one request at a time, asks it to
 * stop when the caller aborts, and ends it when it does not (it is started again for the next request).
 *
 * States: idle (no thread) -> running -> idle or warm; closed is final. A thread that dies fails the request that
 * it held and no other.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Plan, PlanMove, UnmetNeed } from '../../protocol/index.ts';
import { packedBuffers } from './packed-problem.ts';
import { PlanningError, type PlanningErrorCode } from './planning-error.ts';
import type { PlannerAsks, PlanProgress, PlanSource, ThreadSays } from './planner-messages.ts';

/** A thread that was asked to stop, or says nothing for longer than its time limit, is ended after this. */
const GRACE_MS = 5_000;
const MAX_HEAP_MB = 1536;
/** The longest that a thread takes when nobody said how long. */
const USUAL_LIMIT_SECONDS = 120;

export interface ThreadRequest {
  readonly timeLimitSeconds: number | undefined;
  readonly gap: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: PlanProgress) => void) | undefined;
}

export class PlanningThread {
  #worker: Worker | undefined;
  #closed = false;
  #nextId = 1;
  #last: Promise<unknown> = Promise.resolve();

  /** Hands packed buffers over; the caller cannot use them afterwards. */
  run(source: PlanSource, request: ThreadRequest): Promise<Plan> {
    const entered = this.#last.then(() => this.#enter(source, request));
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
  #enter(source: PlanSource, { timeLimitSeconds, gap, signal, onProgress }: ThreadRequest): Entered {
    if (this.#closed) throw new PlanningError('plan-closed', 'The planner is closed; create another one.');
    if (signal?.aborted) throw abortedBy(signal);
    const worker = (this.#worker ??= this.#start());
    const stop = new SharedArrayBuffer(4);
    const id = this.#nextId++;
    const answer = Promise.withResolvers<Plan>();
    const left = Promise.withResolvers<void>();
    const end = (): void => void worker.terminate();
    // From the last sign of life: a busy machine is slow, a thread that hangs is silent.
    const overdue = setTimeout(end, (timeLimitSeconds ?? USUAL_LIMIT_SECONDS) * 1500 + 12 * GRACE_MS);
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
    const ask = (asked: PlannerAsks, transfer: ArrayBuffer[] = []): void =>
      worker.postMessage(asked, transfer);
    const moves: PlanMove[] = [];
    const unmet: UnmetNeed[] = [];
    const onMessage = (said: ThreadSays): void => {
      if (said.id !== id) return;
      overdue.refresh();
      if (said.type === 'progress') return onProgress?.(said.progress);
      if (said.type === 'failed')
        answer.reject(new PlanningError(said.code as PlanningErrorCode, said.message));
      else {
        moves.push(...said.moves);
        unmet.push(...said.unmet);
        // One part per turn of the event loop.
        if (!said.head) return void nextTurn().then(() => ask({ type: 'more', id }));
        answer.resolve({ ...said.head, moves, unmet });
      }
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
    const buffers = source.kind === 'packed' ? packedBuffers(source.packed) : [];
    ask({ type: 'plan', id, source, timeLimitSeconds, gap, stop }, buffers);
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
  readonly answer: Promise<Plan>;
  readonly left: Promise<void>;
}

function abortedBy(signal: AbortSignal): PlanningError {
  return new PlanningError('plan-aborted', 'Planning was aborted by its caller.', { cause: signal.reason });
}
