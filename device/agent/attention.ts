/**
 * How much more than usual the people of this store act on such a task, as the nights have learned from what they did
 * and dismissed: a factor on its worth, for ordering only. Exactly 1 until something was learned; never below a
 * half, so that nothing sinks out of sight.
 */
import type { Exception, Task } from '@truecount/protocol';
import { likelyActedOn, type ModelStore } from '../learning/index.ts';
import { signsOf } from './night-lessons.ts';

export interface AttentionOptions {
  readonly models: Pick<ModelStore, 'get'>;
  readonly now: () => number;
  /** Hour of the day in store time. */
  readonly hourOf: (ms: number) => number;
}

const FLOOR = 0.5;

export class Attention {
  readonly #options: AttentionOptions;
  #ranking: ReturnType<typeof readRanking>;

  constructor(options: AttentionOptions) {
    this.#options = options;
    this.#ranking = readRanking(options.models);
  }

  /** A night may have learned something. */
  refresh(): void {
    this.#ranking = readRanking(this.#options.models);
  }

  factorOf(task: Task, reason: Pick<Exception, 'kind' | 'confidence'> | undefined): number {
    if (this.#ranking === undefined) return 1;
    const { now, hourOf } = this.#options;
    return FLOOR + likelyActedOn(this.#ranking, signsOf(task, reason, now(), hourOf));
  }
}

const readRanking = (models: Pick<ModelStore, 'get'>) => models.get('ranking');
