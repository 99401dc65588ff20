/**
 * Learning every night by itself: in the store's quiet hours, once, bounded in time.
 *
 * States: waiting -> working (the night thread runs) -> waiting. What is in force is decided in the model store alone:
 * when it differs from what the belief is folded with, whoever changed it, the thread folds the ledger with it and
 * the belief takes that over; so a night, `truecount learn --revert` and a start after a crash end alike. A night that
 * its window or a stop cuts short goes on in the next. Needs no network.
 */
import { join } from 'node:path';
import { instant, type LearningView } from '@truecount/protocol';
import type { ChainPrior, LearningConfig, ModelStore } from '../learning/index.ts';
import type { BeliefKeeper } from './belief-keeper.ts';
import { NEXT_SNAPSHOT, type NightReport, type NightRequest } from './night-messages.ts';
import type { NightThread, StartNight } from './night-thread-client.ts';
import { quietWindow } from './quiet-hours.ts';

export interface NightShiftOptions {
  readonly models: ModelStore;
  readonly keeper: BeliefKeeper;
  readonly now: () => number;
  readonly timeZone: string;
  readonly settings: LearningConfig;
  readonly request: Pick<NightRequest, 'folder' | 'store' | 'device' | 'version'>;
  /** When the ledger's first observation happened; undefined while it is empty. */
  readonly firstMs: () => number | undefined;
  /** What people did with tasks and cases, for the rankers. */
  readonly lessons: () => Promise<Pick<NightRequest, 'outcomes' | 'cases'>>;
  readonly prior: () => Promise<ChainPrior | undefined>;
  readonly start: StartNight;
  /** The belief is another one from now on. */
  readonly onAdopted: () => void;
  /** A night has learned something, or tried to. */
  readonly onFinished: () => Promise<void>;
  readonly onProblem: (text: string) => void;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Days that teach at least; younger stores keep what they were shipped with. */
const FEWEST_TEACHING_DAYS = 14;
/** After a night that broke, another try is made this much later. */
const TRY_AGAIN_MS = HOUR_MS;

interface Working {
  readonly job: NightRequest['job'];
  readonly thread: NightThread;
  readonly untilMs: number;
  phase: string;
  share: number;
  isStopping: boolean;
}

export class NightShift {
  readonly #options: NightShiftOptions;
  #working: Working | undefined;
  #ended: NightReport | undefined;
  #notBeforeMs = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  constructor(options: NightShiftOptions) {
    this.#options = options;
  }

  /** Looks whether there is something to begin, to stop or to take over. */
  async tick(): Promise<void> {
    if (this.#isClosed) return;
    const nowMs = this.#options.now();
    const ended = this.#ended;
    if (ended !== undefined) await this.#end(ended);
    if (this.#working !== undefined) {
      if (nowMs >= this.#working.untilMs) this.#stop(this.#working);
      return;
    }
    const { models, keeper } = this.#options;
    const { version } = models.inForce();
    if (version !== keeper.model) {
      if (!(await this.#adopt(version)) && nowMs >= this.#notBeforeMs)
        this.#begin('fold', await this.#request('fold'), Number.POSITIVE_INFINITY);
      return;
    }
    const untilMs = this.#dueUntil(nowMs);
    if (untilMs !== undefined) this.#begin('learn', await this.#request('learn'), untilMs);
  }

  view(): LearningView {
    const { models, keeper } = this.#options;
    const { since, by } = models.inForce();
    const last = models.get('last');
    const working = this.#working;
    return {
      model: keeper.model,
      ...(since === '' ? {} : { since, by }),
      ...(working === undefined ? {} : { phase: working.phase, share: working.share }),
      ...(last === undefined ? {} : { last }),
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#working?.thread.stop();
  }

  /** Until when a run that begins now may last; undefined when none is due. */
  #dueUntil(nowMs: number): number | undefined {
    const { settings, models, timeZone, keeper } = this.#options;
    const mostMs = nowMs + settings.maxMinutes * MINUTE_MS;
    if (models.get('wanted') !== undefined) return mostMs;
    if (!settings.isOn || nowMs < this.#notBeforeMs || !this.#isOldEnough(nowMs)) return undefined;
    const { belief } = keeper;
    const window = quietWindow({
      nowMs,
      timeZone,
      configured: settings.quietHours,
      shareOfHour: (ms) => belief.tradingDays(instant(ms), instant(ms + HOUR_MS)),
    });
    if (window === undefined) return undefined;
    const last = models.get('last');
    if (last !== undefined && Date.parse(last.finishedAt) >= window.fromMs) return undefined;
    return Math.min(window.toMs, mostMs);
  }

  #isOldEnough(nowMs: number): boolean {
    const { firstMs, settings } = this.#options;
    const first = firstMs();
    return first !== undefined && nowMs - first >= (settings.heldOutDays + FEWEST_TEACHING_DAYS) * DAY_MS;
  }

  async #request(job: NightRequest['job']): Promise<NightRequest> {
    const { request, now, settings, lessons, prior } = this.#options;
    const { historyDays, heldOutDays, maxSkus } = settings;
    const chain = await prior();
    return {
      ...request,
      job,
      nowMs: now(),
      historyDays,
      heldOutDays,
      maxSkus,
      ...(chain === undefined ? {} : { prior: chain }),
      ...(job === 'learn' ? await lessons() : { outcomes: [], cases: [] }),
    };
  }

  #begin(job: NightRequest['job'], request: NightRequest, untilMs: number): void {
    if (this.#isClosed) return;
    const thread = this.#options.start(request, (report) => {
      if (report.type !== 'progress') this.#ended = report;
      else if (this.#working !== undefined)
        Object.assign(this.#working, { phase: report.phase, share: report.share });
    });
    this.#working = { job, thread, untilMs, phase: 'reading', share: 0, isStopping: false };
  }

  #stop(working: Working): void {
    if (working.isStopping) return;
    working.isStopping = true;
    working.thread.stop().catch(() => undefined);
  }

  async #end(report: NightReport): Promise<void> {
    const job = this.#working?.job;
    this.#working = undefined;
    this.#ended = undefined;
    const { now, onProblem, onFinished } = this.#options;
    if (report.type === 'done') {
      if (job === 'learn') await onFinished();
      return;
    }
    this.#notBeforeMs = now() + TRY_AGAIN_MS;
    if (report.type === 'failed') onProblem(report.message);
  }

  /** Takes over the belief that the thread has folded; false where there is none that fits. */
  async #adopt(version: string): Promise<boolean> {
    const { models, keeper, request, onAdopted } = this.#options;
    const path = join(request.folder, NEXT_SNAPSHOT);
    if (!(await keeper.adopt(models.parametersOf(version), path))) return false;
    onAdopted();
    return true;
  }
}
