/**
 * What was asked and answered, and whether people found it right: kept in one SQLite file of the data folder, the
 * oldest rows dropped. Verdicts push later answers (advice/verdicts.ts); all of it shows later why something was advised.
 * Questions are kept as the model saw them, without values; no names of people are.
 */
import { DatabaseSync } from 'node:sqlite';
import type { Verdict } from './advice/verdicts.ts';
import type { GuidanceLogEntry } from './guidance.ts';

const MOST_ROWS = 10_000;

/** More than this many verdicts would only slow an answer down. */
const MOST_JUDGED = 500;

export class AnswerLog implements Disposable {
  readonly #db: DatabaseSync;

  constructor(path: string) {
    this.#db = new DatabaseSync(path);
    this.#db.exec(`PRAGMA journal_mode = WAL;
      CREATE TABLE IF NOT EXISTS answer (
        id TEXT PRIMARY KEY, at TEXT NOT NULL, question TEXT NOT NULL, kind TEXT, role TEXT NOT NULL, topic TEXT NOT NULL,
        sources TEXT NOT NULL, model TEXT, model_hash TEXT, prompt_hash TEXT, output TEXT, ms REAL NOT NULL,
        is_right INTEGER
      ) STRICT`);
  }

  write(id: string, at: string, entry: GuidanceLogEntry): void {
    this.#db
      .prepare(
        `INSERT OR REPLACE INTO answer (id, at, question, kind, role, topic, sources, model, model_hash, prompt_hash, output, ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        id,
        at,
        entry.question,
        entry.kind ?? null,
        entry.role,
        entry.topic,
        JSON.stringify(entry.sources),
        entry.model,
        entry.modelHash ?? null,
        entry.promptHash ?? null,
        entry.output ?? null,
        entry.ms,
      );
    this.#db.prepare('DELETE FROM answer WHERE rowid <= (SELECT max(rowid) FROM answer) - ?').run(MOST_ROWS);
  }

  /** @returns false when the answer is not kept */
  judge(id: string, right: boolean): boolean {
    const { changes } = this.#db
      .prepare('UPDATE answer SET is_right = ? WHERE id = ?')
      .run(right ? 1 : 0, id);
    return changes > 0;
  }

  /** The newest of them, newest last. */
  judged(): readonly Verdict[] {
    return this.#db
      .prepare(
        `SELECT question, kind, topic, sources ->> 0 AS step, is_right FROM answer
         WHERE is_right IS NOT NULL ORDER BY rowid DESC LIMIT ?`,
      )
      .all(MOST_JUDGED)
      .map(({ question, kind, topic, step, is_right: isRight }) => ({
        question: String(question),
        kind: kind === null ? null : String(kind),
        topic: String(topic),
        procedure: step === null ? null : (String(step).split('/')[0] ?? null),
        right: isRight === 1,
      }))
      .toReversed();
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }
}
