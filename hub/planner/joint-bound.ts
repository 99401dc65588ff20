/**
 * The tighter bound of `receiver-bound.ts` on a thread of its own, while lanes are searched for a plan. The two share
 * one small board: the plan's value goes one way, the bound the other. Whoever asks may stop it at any time; the
 * bound on the board is proven whenever it is read.
 */
import { Worker } from 'node:worker_threads';
import type { Network } from './network.ts';
import type { PriceSearch } from './price-search.ts';
import type { Found } from './receiver-bound.ts';

/** Places on the board: doubles first, then one integer. */
const place = { incumbent: 0, bound: 1, goal: 2 } as const;
const DOUBLES = 3;
const STATE_AT = DOUBLES * Float64Array.BYTES_PER_ELEMENT;
const state = { running: 0, stop: 1, over: 2 } as const;
const SHARES_AT = STATE_AT + Int32Array.BYTES_PER_ELEMENT;
const LOOK_MS = 20;

export interface JointBoundData {
  readonly network: Network;
  readonly found: Found;
  readonly board: SharedArrayBuffer;
}

export class BoundBoard {
  readonly #numbers: Float64Array;
  readonly #state: Int32Array;
  /** How often each lane was open lately; may be read while it is being written. */
  readonly openShare: Float32Array;

  constructor(buffer: SharedArrayBuffer) {
    this.#numbers = new Float64Array(buffer, 0, DOUBLES);
    this.#state = new Int32Array(buffer, STATE_AT, 1);
    this.openShare = new Float32Array(buffer, SHARES_AT);
  }

  static buffer(laneCount: number): SharedArrayBuffer {
    return new SharedArrayBuffer(SHARES_AT + laneCount * Float32Array.BYTES_PER_ELEMENT);
  }

  get incumbent(): number {
    return this.#numbers[place.incumbent] as number;
  }
  get goal(): number {
    return this.#numbers[place.goal] as number;
  }
  /** What the search aims at, and where it may stop. */
  aim(incumbent: number, goal: number): void {
    this.#numbers[place.incumbent] = incumbent;
    this.#numbers[place.goal] = goal;
  }

  get bound(): number {
    return this.#numbers[place.bound] as number;
  }

  /** The search says how far it is. */
  note({ bound, openShare }: Pick<PriceSearch, 'bound' | 'openShare'>): void {
    this.openShare.set(openShare);
    this.#numbers[place.bound] = bound;
  }

  get mayRun(): boolean {
    return Atomics.load(this.#state, 0) === state.running;
  }
  stop(): void {
    Atomics.compareExchange(this.#state, 0, state.running, state.stop);
  }
  finish(): void {
    Atomics.store(this.#state, 0, state.over);
    Atomics.notify(this.#state, 0);
  }

  /** Blocks this thread until the search is over or a limit comes. */
  wait(shouldStop: () => boolean, look: () => void): void {
    while (this.mayRun && !shouldStop()) {
      Atomics.wait(this.#state, 0, state.running, LOOK_MS);
      look();
    }
  }
}

/** Starts the search; `bound` is infinite until the first one is known. */
export function startJointBound(network: Network, { prices, openShare }: Found): BoundBoard {
  const buffer = BoundBoard.buffer(network.laneCount);
  const board = new BoundBoard(buffer);
  board.note({
    bound: Number.POSITIVE_INFINITY,
    openShare: new Float64Array(network.laneCount),
  });
  const workerData: JointBoundData = { network, found: { prices, openShare }, board: buffer };
  const worker = new Worker(new URL('./joint-bound-thread.ts', import.meta.url), {
    name: 'planner-bound',
    workerData,
  });
  // A thread that fails leaves the board as it is: the other bound counts.
  worker.on('error', () => board.finish());
  worker.unref();
  return board;
}
