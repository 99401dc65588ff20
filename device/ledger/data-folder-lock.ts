/**
 * One agent per data folder. The lock is an exclusive SQLite transaction, so the operating system releases it
 * however the process ends: there is no stale lock file to clean up after a power cut.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export class DataFolderInUseError extends Error {
  readonly code = 'E_DATA_FOLDER_IN_USE';
  constructor(folder: string) {
    super(
      `${folder} is in use by another Truecount process; stop that one, or give this one its own data folder`,
    );
  }
}

export function lockDataFolder(folder: string): Disposable {
  mkdirSync(folder, { recursive: true });
  const db = new DatabaseSync(join(folder, 'agent.lock'), { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch {
    db.close();
    throw new DataFolderInUseError(folder);
  }
  return { [Symbol.dispose]: () => db.close() };
}
