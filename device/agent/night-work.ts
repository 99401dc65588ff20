/**
 * One night's work: learn from the ledger's last weeks, judge on the newest, fold the whole ledger with what won, and
 * train the rankers. Reads the ledger, writes only what was learned and a snapshot for the agent to take over.
 *
 * Resumable: after every step the place is kept, and a run that begins while one is unfinished reads the same part
 * of the same ledger and goes on from there. A stop between two writes leaves the old version in force.
 */
import { join } from 'node:path';
import { instant, type LedgerEntry, type Observation } from '@truecount/protocol';
import {
  experiencedRanker,
  type LastNight,
  learn,
  learnCauses,
  LearnError,
  learnRanking,
  type LearnProgress,
  type LearnResult,
  ModelStore,
  type NightProgress,
  OpeningBalance,
  openTensors,
  untrainedRanker,
} from '../learning/index.ts';
import { LEDGER_FILE, type LedgerReader, openLedgerReader } from '../ledger/index.ts';
import { BeliefKeeper } from './belief-keeper.ts';
import { NEXT_SNAPSHOT, type NightReport, type NightRequest } from './night-messages.ts';

export type Say = (report: NightReport) => void;

const DAY_MS = 86_400_000;
/** An older unfinished night is begun anew: too much has happened since. */
const RESUME_WITHIN_MS = 3 * DAY_MS;
const FEWEST_LESSONS = 15;

export async function nightWork(request: NightRequest, say: Say, signal: AbortSignal): Promise<void> {
  const { folder, store, device } = request;
  using ledger = openLedgerReader(join(folder, LEDGER_FILE), { store, device });
  using models = new ModelStore(folder);
  if (request.job === 'fold') await fold({ request, ledger, models, say, signal });
  else await learnTonight({ request, ledger, models, say, signal });
}

interface Tools {
  readonly request: NightRequest;
  readonly ledger: LedgerReader;
  readonly models: ModelStore;
  readonly say: Say;
  readonly signal: AbortSignal;
}

async function learnTonight(tools: Tools): Promise<void> {
  const { request, ledger, models, say, signal } = tools;
  const began = performance.now();
  const place = placeOf(tools);
  models.keep('progress', place);
  const keep = (phase: NightProgress['phase'], share: number, more: Partial<NightProgress> = {}): void => {
    models.keep('progress', { ...(models.get('progress') ?? place), ...more, phase, share });
    say({ type: 'progress', phase, share, ...(more.fit === undefined ? {} : { step: more.fit.step }) });
  };
  const champion = models.parametersOf(models.inForce().version);
  const finish = (took: LastNight['took'], because: string, backend?: string): LastNight => ({
    finishedAt: instant(request.nowMs + (performance.now() - began)),
    took,
    because,
    seconds: Math.round((performance.now() - began) / 1000),
    ...(backend === undefined ? {} : { backend }),
  });
  let result: LearnResult;
  try {
    result = await learn(historyOf(ledger, place), {
      champion,
      ...(request.prior === undefined ? {} : { prior: request.prior }),
      ...(place.fit === undefined ? {} : { resume: place.fit }),
      heldOutDays: request.heldOutDays,
      maxSkus: request.maxSkus,
      version: `night-${place.startedAt.slice(0, 16)}`,
      onProgress: (progress) => keep(...placeIn(progress)),
      signal,
    });
  } catch (error) {
    if (!(error instanceof LearnError)) throw error;
    models.decline(finish('nothing', error.message));
    return;
  }
  models.keep('statistics', result.statistics);
  keep('ranking', 0.75);
  const backend = await trainRankers(tools);
  const { winner, because } = result.verdict;
  if (winner === 'champion') {
    models.decline(finish('champion', because, backend));
    return;
  }
  keep('folding', 0.8);
  await foldWith(tools, result.parameters);
  signal.throwIfAborted();
  const { version: id } = result.parameters;
  const last = finish('challenger', because, backend);
  models.accept(
    { id, parent: result.parent, madeAt: last.finishedAt, because, parameters: result.parameters },
    last,
  );
}

/** Where an unfinished night stood, or the beginning of a new one. */
function placeOf({ request, ledger, models }: Tools): NightProgress {
  const kept = models.get('progress');
  const champion = models.inForce().version;
  if (
    kept !== undefined &&
    kept.champion === champion &&
    Date.parse(kept.startedAt) > request.nowMs - RESUME_WITHIN_MS &&
    kept.seq <= ledger.head().seq
  )
    return kept;
  return {
    startedAt: instant(request.nowMs),
    champion,
    seq: ledger.head().seq,
    fromMs: request.nowMs - request.historyDays * DAY_MS,
    phase: 'reading',
    share: 0,
  };
}

/** Phases by experience of how long they take. */
function placeIn(progress: LearnProgress): [NightProgress['phase'], number, Partial<NightProgress>?] {
  switch (progress.phase) {
    case 'reading':
      return ['reading', 0.02];
    case 'fitting':
      return ['fitting', 0.1 + 0.5 * (1 - 0.85 ** progress.fit.state.step), { fit: progress.fit.state }];
    case 'judging':
      return ['judging', 0.6];
    default:
      return progress satisfies never;
  }
}

/** The ledger up to the place's entry, from its first instant on, behind an opening balance of what came before. */
function historyOf(ledger: LedgerReader, place: NightProgress): () => Iterable<Observation> {
  const takenBack = ledger.correctedIds();
  const counts = (entry: LedgerEntry): boolean =>
    entry.seq <= place.seq && entry.corrects === undefined && !takenBack.has(entry.id);
  const opening = new OpeningBalance();
  for (const entry of ledger.history()) {
    if (Date.parse(entry.observation.t) >= place.fromMs) break;
    if (counts(entry)) opening.note(entry.observation);
  }
  const from = instant(place.fromMs);
  return function* () {
    yield* opening.observations(from);
    for (const entry of ledger.history({ fromMs: place.fromMs })) if (counts(entry)) yield entry.observation;
  };
}

/** @returns the backend that trained; undefined where there was nothing to train on */
async function trainRankers({ request, models, signal }: Tools): Promise<string | undefined> {
  const { outcomes, cases } = request;
  const taught = isTelling(outcomes);
  if (!taught && cases.length === 0) return undefined;
  signal.throwIfAborted();
  const backend = await openTensors();
  const version = `night-${instant(request.nowMs).slice(0, 16)}`;
  if (taught) models.keep('ranking', await learnRanking(backend, untrainedRanker(), outcomes, version));
  if (cases.length > 0)
    models.keep('causes', await learnCauses(backend, experiencedRanker(), cases, version));
  return backend.name;
}

/** Enough of both kinds to tell habits from chance. */
function isTelling(outcomes: NightRequest['outcomes']): boolean {
  const acted = outcomes.filter((outcome) => outcome.acted).length;
  return Math.min(acted, outcomes.length - acted) >= FEWEST_LESSONS;
}

async function fold(tools: Tools): Promise<void> {
  const { models, say } = tools;
  say({ type: 'progress', phase: 'folding', share: 0.1 });
  await foldWith(tools, models.parametersOf(models.inForce().version));
}

async function foldWith(
  { request, ledger, signal }: Tools,
  parameters: LearnResult['parameters'],
): Promise<void> {
  const keeper = new BeliefKeeper({
    ledger,
    snapshotPath: join(request.folder, NEXT_SNAPSHOT),
    version: request.version,
    parameters,
    onFolded: () => undefined,
  });
  await keeper.startAfresh(signal);
  keeper.save();
}
