import { quoted } from './collection-layout.ts';
import { highestSeq, type CollectionTable } from './collection-table.ts';
import type { Connection } from './connection.ts';
import type { Steps } from './steps.ts';

/** Tombstones purged and pages returned to the file system per call; RxDB calls again until nothing is left. */
const purgeLimit = 500;
const vacuumPages = 200;

/** Purges tombstones not written since `untilMs`; true when none is left. */
export function* purgeDeleted(writer: Connection, table: CollectionTable, untilMs: number): Steps<boolean> {
  const name = quoted(table.name);
  // A checkpoint may point at a purged row, so its number must not be given out again.
  writer.run('UPDATE collections SET base_seq = max(base_seq, ?) WHERE number = ?', [
    highestSeq(writer, table),
    table.number,
  ]);
  const seqs = writer.numbers(
    `SELECT seq FROM ${name} WHERE "f._deleted" = 1 AND "f._meta.lwt" <= ? LIMIT ?`,
    [untilMs, purgeLimit],
  );
  for (const seq of seqs) {
    writer.run(`DELETE FROM ${name} WHERE seq = ?`, [seq]);
    yield;
  }
  writer.all(`PRAGMA incremental_vacuum(${vacuumPages})`);
  return seqs.length < purgeLimit;
}
