/**
 * What a store has learned, in one SQLite file beside its ledger: every version of the error rates with its verdict,
 * which of them is in force and since when, how far an unfinished night has come, and the trained rankers.
 *
 * Invariants: versions are never changed or removed; the newest row of `in_force` decides, and putting an older
 * version in force is one more row. Several processes may have it open (agent, its night thread, command line);
 * whoever needs to know looks again. Works offline.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type BeliefParameters, defaultParameters } from '@truecount/device/belief';
import { parseParameters } from '@truecount/device/belief/parameter-schema';
import { FittedStatistics, parserFor } from '@truecount/protocol';
import { Type, type Static, type TSchema } from 'typebox';
import { FitState } from './fit.ts';
import { NetworkWeights } from './small-network.ts';

export const MODEL_FILE = 'learned.sqlite';
const FORMAT = 1;
const CREATE = `
CREATE TABLE version (
  id         TEXT PRIMARY KEY,
  parent     TEXT NOT NULL,
  made_at    TEXT NOT NULL,
  because    TEXT NOT NULL,
  parameters TEXT NOT NULL
) STRICT;
CREATE TABLE in_force (
  number  INTEGER PRIMARY KEY AUTOINCREMENT,
  version TEXT NOT NULL REFERENCES version (id),
  since   TEXT NOT NULL,
  by      TEXT NOT NULL
) STRICT;
CREATE TABLE kept (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
PRAGMA user_version = ${FORMAT};
`;

export interface LearnedVersion {
  readonly id: string;
  readonly parent: string;
  readonly madeAt: string;
  readonly because: string;
  readonly parameters: BeliefParameters;
}

export interface InForce {
  readonly version: string;
  readonly since: string;
  /** `night`, or who went back to it. */
  readonly by: string;
}

const Instant = Type.String({ maxLength: 40 });

/** A night's work that is not finished. */
export const NightProgress = Type.Object({
  startedAt: Instant,
  /** Champion, last entry and first instant of the history: the same tape again after a stop. */
  champion: Type.String(),
  seq: Type.Integer({ minimum: 0 }),
  fromMs: Type.Number(),
  phase: Type.Enum(['reading', 'fitting', 'judging', 'folding', 'ranking']),
  /** 0..1, by experience with how long each part takes. */
  share: Type.Number({ minimum: 0, maximum: 1 }),
  fit: Type.Optional(FitState),
});
export type NightProgress = Static<typeof NightProgress>;

export const LastNight = Type.Object({
  finishedAt: Instant,
  took: Type.Union([Type.Literal('challenger'), Type.Literal('champion'), Type.Literal('nothing')]),
  because: Type.String(),
  seconds: Type.Number(),
  backend: Type.Optional(Type.String()),
});
export type LastNight = Static<typeof LastNight>;

const Kept = {
  progress: NightProgress,
  last: LastNight,
  statistics: FittedStatistics,
  causes: NetworkWeights,
  ranking: NetworkWeights,
  /** Somebody wants a run outside the quiet hours. */
  wanted: Type.Object({ at: Instant, by: Type.String() }),
} as const satisfies Record<string, TSchema>;
type KeptName = keyof typeof Kept;
type KeptValue<K extends KeptName> = Static<(typeof Kept)[K]>;

export class ModelStoreError extends Error {
  readonly code: 'E_MODEL_FORMAT' | 'E_MODEL_VERSION';
  constructor(code: ModelStoreError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

const SHIPPED: InForce = { version: defaultParameters.version, since: '', by: 'shipped' };

export class ModelStore {
  readonly #db: DatabaseSync;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#db = new DatabaseSync(join(folder, MODEL_FILE), { timeout: 5000 });
    this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    const format = Number(this.#db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
    if (format === 0) this.#create();
    else if (format !== FORMAT) {
      this.#db.close();
      throw new ModelStoreError(
        'E_MODEL_FORMAT',
        `${join(folder, MODEL_FILE)} has format ${format}, this version writes ${FORMAT}; start the version of truecount that made it`,
      );
    }
  }

  /** Two that open a new file at once both get here; the second finds it made. */
  #create(): void {
    this.#db.exec('BEGIN IMMEDIATE');
    const format = Number(this.#db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
    if (format === 0) {
      this.#db.exec(CREATE);
      this.#add({
        id: defaultParameters.version,
        parent: '',
        madeAt: '',
        because: 'as shipped',
        parameters: defaultParameters,
      });
    }
    this.#db.exec('COMMIT');
  }

  inForce(): InForce {
    const row = this.#db
      .prepare('SELECT version, since, by FROM in_force ORDER BY number DESC LIMIT 1')
      .get() as InForce | undefined;
    return row ?? SHIPPED;
  }

  /** The shipped parameters follow the software: their row only names them. */
  parametersOf(version: string): BeliefParameters {
    if (version === defaultParameters.version) return defaultParameters;
    const found = this.versions().find(({ id }) => id === version);
    if (found === undefined) throw unknownVersion(version);
    return found.parameters;
  }

  /** Newest first. */
  versions(): readonly LearnedVersion[] {
    const rows = this.#db
      .prepare('SELECT id, parent, made_at, because, parameters FROM version ORDER BY rowid DESC')
      .all();
    return rows.map((row) => {
      const id = String(row['id']);
      const parameters = parseParameters({
        ...defaultParameters,
        ...(JSON.parse(String(row['parameters'])) as object),
      });
      if (!parameters.ok)
        throw new ModelStoreError(
          'E_MODEL_VERSION',
          `version ${id} is not readable (${parameters.problem}); go back to another with "truecount learn --revert"`,
        );
      return {
        id,
        parent: String(row['parent']),
        madeAt: String(row['made_at']),
        because: String(row['because']),
        parameters: parameters.value,
      };
    });
  }

  /** A new version comes into force, and the night that made it is over: one commit. */
  accept(version: LearnedVersion, last: LastNight): void {
    this.#atomically(() => {
      this.#add(version);
      this.#putInForce(version.id, last.finishedAt, 'night');
      this.#finish(last);
    });
  }

  /** The night is over and what was in force stays. */
  decline(last: LastNight): void {
    this.#atomically(() => this.#finish(last));
  }

  /** @throws ModelStoreError for a version that does not exist */
  putInForce(version: string, since: string, by: string): void {
    this.parametersOf(version);
    this.#putInForce(version, since, by);
  }

  /** What was in force before the present version; undefined when nothing was. */
  previous(): string | undefined {
    const { version } = this.inForce();
    if (version === SHIPPED.version) return undefined;
    return this.versions().find(({ id }) => id === version)?.parent ?? SHIPPED.version;
  }

  get<K extends KeptName>(key: K): KeptValue<K> | undefined {
    const row = this.#db.prepare('SELECT value FROM kept WHERE key = ?').get(key);
    if (row === undefined) return undefined;
    const parsed = parserFor(Kept[key])(JSON.parse(String(row['value'])));
    // Written by another version of the software: it is done without.
    return parsed.ok ? parsed.value : undefined;
  }

  keep<K extends KeptName>(key: K, value: KeptValue<K>): void {
    this.#db
      .prepare(
        'INSERT INTO kept (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      )
      .run(key, JSON.stringify(value));
  }

  forget(key: KeptName): void {
    this.#db.prepare('DELETE FROM kept WHERE key = ?').run(key);
  }

  close(): void {
    this.#db.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #add({ id, parent, madeAt, because, parameters }: LearnedVersion): void {
    this.#db
      .prepare('INSERT INTO version (id, parent, made_at, because, parameters) VALUES (?, ?, ?, ?, ?)')
      .run(id, parent, madeAt, because, JSON.stringify(parameters));
  }

  #putInForce(version: string, since: string, by: string): void {
    this.#db.prepare('INSERT INTO in_force (version, since, by) VALUES (?, ?, ?)').run(version, since, by);
  }

  #finish(last: LastNight): void {
    this.keep('last', last);
    this.forget('progress');
    this.forget('wanted');
  }

  #atomically(write: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      write();
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }
}

const unknownVersion = (version: string): ModelStoreError =>
  new ModelStoreError(
    'E_MODEL_VERSION',
    `there is no version "${version}"; "truecount learn --versions" lists those there are`,
  );
