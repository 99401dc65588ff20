/**
 * Keeps the belief equal to a fold of the ledger.
 *
 * States: behind -> folding -> level with the ledger's head, and back as entries are committed. Invariants:
 * every entry is folded once, in the order of the ledger, after its commit; an entry that was taken back, and
 * the one that took it back, are in no fold; what a snapshot includes is named by sequence and hash, so a
 * snapshot of another journal is never used. Needs no network.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { instant, type LedgerEntry, type Observation } from '@truecount/protocol';
import { type Belief, type BeliefParameters, createBelief, defaultParameters } from '../belief/index.ts';
import type { LedgerReader } from '../ledger/index.ts';
import { readStoredSnapshot, type StoredSnapshot, writeSnapshot } from './snapshot-file.ts';
import { inSlices, Turnstile } from './time-slice.ts';

/** What a fold needs of the journal; a thread that may only read it has that too. */
export type JournalToFold = Pick<
  LedgerReader,
  'head' | 'hashAt' | 'read' | 'history' | 'find' | 'correctedIds'
>;

export interface BeliefKeeperOptions {
  readonly ledger: JournalToFold;
  readonly snapshotPath: string;
  /** Of this software; a snapshot of another version is not used. */
  readonly version: string;
  /** Error rates in force: the whole journal is folded with them. */
  readonly parameters?: BeliefParameters;
  /** Told of every entry of this run once it is folded, in order. */
  readonly onFolded: (entry: LedgerEntry) => void;
  /** SKUs that were heard about and not yet looked at; a snapshot remembers them for the next start. */
  readonly unlooked?: () => readonly string[];
}

export interface StartReport {
  readonly fromSnapshot: boolean;
  readonly folded: number;
  /** SKUs that nobody has looked at since they were last heard about. */
  readonly unlooked: ReadonlySet<string>;
}

/** What the snapshot on the disk was written for. */
interface Saved {
  readonly seq: number;
  readonly model: string;
  readonly now: string | undefined;
  readonly unlooked: readonly string[];
}

/** Snapshots kept for taking entries back: one of them is older than the present trading hour. */
const KEPT_SNAPSHOTS = 2;
const HOUR_MS = 3_600_000;
/** SKUs whose day is closed in one turn: a few milliseconds. */
const CLOSED_PER_TURN = 1024;
/** SKUs closed beside each observation of a history: no day leaves many to the next one's end. */
const CLOSED_BESIDE = 2;
/** An import that reaches back further than this is folded anew. */
const FOLD_LATE_MS = 6 * HOUR_MS;

export class BeliefKeeper {
  readonly #options: BeliefKeeperOptions;
  readonly #ledger: JournalToFold;
  readonly #turns = new Turnstile();
  readonly #takenBack: Set<string>;
  #parameters: BeliefParameters;
  #belief: Belief;
  #foldedSeq = 0;
  #kept: StoredSnapshot[] = [];
  /** SKUs of the entries folded so far, until the start is over; from then on each entry is told. */
  #foldedAtStart: Set<string> | undefined = new Set();
  #isHeld = false;
  #saved: Saved | undefined;

  constructor(options: BeliefKeeperOptions) {
    this.#options = options;
    this.#ledger = options.ledger;
    this.#takenBack = new Set(options.ledger.correctedIds());
    this.#parameters = options.parameters ?? defaultParameters;
    this.#belief = this.#fresh();
  }

  get belief(): Belief {
    return this.#belief;
  }

  /** Version of the error rates that everything is folded with. */
  get model(): string {
    return this.#parameters.version;
  }

  get foldedSeq(): number {
    return this.#foldedSeq;
  }

  /** Brings the belief to the ledger's head, from the snapshot where there is one that fits. */
  async start(signal?: AbortSignal): Promise<StartReport> {
    const stored = readStoredSnapshot(this.#options.snapshotPath);
    const fromSnapshot = stored !== undefined && this.#fits(stored) && (await this.#restore(stored, signal));
    const before = fromSnapshot ? this.#foldedSeq : 0;
    this.#foldedAtStart = new Set(fromSnapshot ? stored.unlooked : []);
    await this.catchUp(signal);
    const unlooked = this.#foldedAtStart;
    this.#foldedAtStart = undefined;
    return { fromSnapshot, folded: this.#foldedSeq - before, unlooked };
  }

  /** Folds the whole ledger in the order in which things happened, whatever snapshots there are. */
  startAfresh(signal?: AbortSignal): Promise<void> {
    return this.#turns.run(async () => {
      const head = this.#ledger.head().seq;
      this.#foldedSeq = head;
      const fresh = this.#fresh();
      await this.#observeHistory(fresh, undefined, signal);
      this.#belief = fresh;
    });
  }

  /** Resolves when everything that was committed before the call is folded, or at once while folding is held. */
  catchUp(signal?: AbortSignal): Promise<void> {
    if (this.#isHeld) return Promise.resolve();
    return this.#turns.run(() => this.#foldNew(signal));
  }

  /** A bulk import begins: nothing is folded until `release`. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Folds what was held back; history is folded in the order in which it happened. */
  release(signal?: AbortSignal): Promise<void> {
    if (!this.#isHeld) return Promise.resolve();
    this.#isHeld = false;
    return this.#turns.run(() => this.#foldImport(signal));
  }

  /** Time passes without anything being heard; after a long pause an hour per turn of the event loop. */
  advance(toMs: number): Promise<void> {
    return this.#turns.run(async () => {
      const now = this.#belief.now;
      if (now === undefined) return;
      for (let at = Date.parse(now) + HOUR_MS; at < toMs; at += HOUR_MS) {
        this.#belief.advance(instant(at));
        await this.#closeDay();
        await nextTurn();
      }
      this.#belief.advance(instant(toMs));
      await this.#closeDay();
    });
  }

  /** What the end of a day left to be closed, in short turns; a question meanwhile closes its own SKU. */
  async #closeDay(): Promise<void> {
    while (!this.#belief.closeSome(CLOSED_PER_TURN)) await nextTurn();
  }

  /** Leaves an entry out from now on: folds what came since the newest snapshot before it again. */
  takeBack(entry: LedgerEntry): Promise<void> {
    this.#takenBack.add(entry.id);
    return this.#turns.run(async () => {
      if (entry.seq <= this.#foldedSeq)
        await this.#refoldFrom(Date.parse(entry.observation.t), this.#snapshot());
    });
  }

  /**
   * Other error rates come into force: from now on the belief is the fold of the whole journal with these. What was
   * folded with them elsewhere lies at `preparedPath`; only what came since is folded here.
   * @returns false, and nothing has changed, where there is no such snapshot of this journal
   */
  adopt(parameters: BeliefParameters, preparedPath: string): Promise<boolean> {
    return this.#turns.run(async () => {
      const before = this.#parameters;
      this.#parameters = parameters;
      const stored = readStoredSnapshot(preparedPath);
      if (stored !== undefined && stored.seq <= this.#foldedSeq && this.#fits(stored)) {
        const fresh = this.#fresh();
        const from = restored(fresh, stored);
        if (from !== undefined) {
          await this.#refold(fresh, from, stored.seq);
          this.#kept = [];
          this.#saved = undefined;
          this.save();
          return true;
        }
      }
      this.#parameters = before;
      return false;
    });
  }

  /**
   * Writes a snapshot for the next start; also bounds what a take-back has to fold again. Where nothing was heard, looked
   * at or learned since the last one, that one serves as well, until the time between them is worth saving a start.
   */
  save(): void {
    const unlooked = this.#options.unlooked?.() ?? [];
    if (this.#isSaved(unlooked)) return;
    const snapshot = this.#snapshot(unlooked);
    if (snapshot === undefined) return;
    writeSnapshot(this.#options.snapshotPath, snapshot);
    this.#kept = [...this.#kept, snapshot].slice(-KEPT_SNAPSHOTS);
    this.#saved = { seq: snapshot.seq, model: snapshot.model, now: this.#belief.now, unlooked };
  }

  #isSaved(unlooked: readonly string[]): boolean {
    const saved = this.#saved;
    if (saved?.seq !== this.#foldedSeq || saved.model !== this.model) return false;
    const sinceMs = Date.parse(this.#belief.now ?? '') - Date.parse(saved.now ?? '');
    if (sinceMs >= HOUR_MS || saved.unlooked.length !== unlooked.length) return false;
    return saved.unlooked.every((sku, at) => sku === unlooked[at]);
  }

  #snapshot(skus: readonly string[] = []): StoredSnapshot | undefined {
    const hash = this.#ledger.hashAt(this.#foldedSeq);
    if (hash === undefined) return undefined;
    return {
      seq: this.#foldedSeq,
      hash,
      version: this.#options.version,
      model: this.model,
      ...(skus.length === 0 ? {} : { unlooked: [...skus] }),
      bytes: this.#belief.snapshot(),
    };
  }

  /** Of this journal, this software and these error rates, and without an entry that was taken back since. */
  #fits(stored: StoredSnapshot): boolean {
    if (stored.version !== this.#options.version || stored.model !== this.model) return false;
    if (this.#ledger.hashAt(stored.seq) !== stored.hash) return false;
    for (const { corrects } of this.#ledger.read({ fromSeq: stored.seq + 1 })) {
      const seq = corrects === undefined ? undefined : this.#ledger.find(corrects)?.seq;
      if (seq !== undefined && seq <= stored.seq) return false;
    }
    return true;
  }

  #fresh(): Belief {
    return createBelief({
      parameters: this.#parameters,
      history: (fromMs) => this.#history(fromMs),
    });
  }

  /** Everything folded so far from an instant on, in order of time. */
  *#history(fromMs: number): Generator<Observation, void, void> {
    const from = Number.isFinite(fromMs) ? { fromMs } : {};
    for (const entry of this.#ledger.history(from))
      if (entry.seq <= this.#foldedSeq && this.#counts(entry)) yield entry.observation;
  }

  #counts(entry: LedgerEntry): boolean {
    return entry.corrects === undefined && !this.#takenBack.has(entry.id);
  }

  async #restore(stored: StoredSnapshot, signal?: AbortSignal): Promise<boolean> {
    const belief = this.#fresh();
    const from = restored(belief, stored);
    if (from === undefined) return false;
    this.#foldedSeq = stored.seq;
    this.#belief = belief;
    await this.#observeHistory(belief, from, signal);
    this.#kept = [stored];
    return true;
  }

  /** Folds anew everything since the newest snapshot that ends before `fromMs`, or everything there is. */
  async #refoldFrom(fromMs: number, current?: StoredSnapshot): Promise<void> {
    const candidates = current === undefined ? this.#kept : [...this.#kept, current];
    for (const snapshot of candidates.toReversed()) {
      const trial = this.#fresh();
      const from = trial.restore(snapshot.bytes);
      if (from !== undefined && Date.parse(from) <= fromMs) return this.#refold(trial, from, snapshot.seq);
    }
    return this.#refold(this.#fresh(), undefined, this.#foldedSeq);
  }

  async #refold(fresh: Belief, from: string | undefined, snapshotSeq: number): Promise<void> {
    const until = this.#belief.now;
    await this.#observeHistory(fresh, from);
    // What arrived after the snapshot but happened before its last hour is late for it.
    const fromMs = from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from);
    const since = this.#ledger.read({ fromSeq: snapshotSeq + 1, limit: this.#foldedSeq - snapshotSeq });
    await inSlices(since, (entry) => {
      if (Date.parse(entry.observation.t) < fromMs && this.#counts(entry)) fresh.observe(entry.observation);
    });
    if (until !== undefined) fresh.advance(until);
    this.#belief = fresh;
  }

  async #observeHistory(belief: Belief, from: string | undefined, signal?: AbortSignal): Promise<void> {
    const fromMs = from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from);
    const observe = (observation: Observation): void => {
      belief.observe(observation);
      belief.closeSome(CLOSED_BESIDE);
    };
    await inSlices(this.#history(fromMs), observe, signal);
  }

  async #foldNew(signal?: AbortSignal): Promise<void> {
    while (this.#foldedSeq < this.#ledger.head().seq) {
      const fresh = this.#ledger.read({ fromSeq: this.#foldedSeq + 1 });
      await inSlices(fresh, (entry) => this.#fold(entry), signal);
      await this.#closeDay();
    }
  }

  /**
   * News in the order of the ledger; an import that reaches far back by folding anew from before its first entry,
   * since the belief would otherwise go back for it in one long turn.
   */
  async #foldImport(signal?: AbortSignal): Promise<void> {
    const before = this.#foldedSeq;
    let earliestMs = Number.POSITIVE_INFINITY;
    await inSlices(
      this.#ledger.read({ fromSeq: before + 1 }),
      ({ observation }) => (earliestMs = Math.min(earliestMs, Date.parse(observation.t))),
      signal,
    );
    const now = this.#belief.now;
    if (now !== undefined && earliestMs > Date.parse(now) - FOLD_LATE_MS) return this.#foldNew(signal);
    const head = this.#ledger.head().seq;
    for (const entry of this.#ledger.read({ fromSeq: before + 1, limit: head - before }))
      if (entry.corrects !== undefined) this.#takenBack.add(entry.corrects);
    this.#foldedSeq = head;
    await this.#refoldFrom(earliestMs);
    await inSlices(this.#ledger.read({ fromSeq: before + 1, limit: head - before }), (entry) =>
      this.#options.onFolded(entry),
    );
    await this.#foldNew(signal);
  }

  #fold(entry: LedgerEntry): void {
    if (entry.corrects !== undefined) this.#takenBack.add(entry.corrects);
    this.#foldedSeq = entry.seq;
    if (this.#counts(entry)) this.#belief.observe(entry.observation);
    if (this.#foldedAtStart === undefined) this.#options.onFolded(entry);
    else if ('sku' in entry.observation) this.#foldedAtStart.add(entry.observation.sku);
  }
}

/** The instant from which to go on; undefined for bytes of another version: the ledger has all that they had. */
function restored(belief: Belief, stored: StoredSnapshot): string | undefined {
  try {
    return belief.restore(stored.bytes);
  } catch {
    return undefined;
  }
}
