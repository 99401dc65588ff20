/** Backup of a live journal and its way back. A restored journal begins a new epoch (see identity.ts). */
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { backup } from 'node:sqlite';
import { beginNextEpoch } from './identity.ts';
import { lockDataFolder } from './data-folder-lock.ts';
import { LEDGER_FILE } from './ledger.ts';
import { openJournalFile } from './tables.ts';
import { type LedgerVerdict, verifyLedger } from './verify.ts';

export class LedgerBackupError extends Error {
  readonly code: 'E_BACKUP_SOURCE' | 'E_BACKUP_BROKEN' | 'E_RESTORE_TARGET';
  constructor(code: LedgerBackupError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** Copies the journal page by page while the agent may go on writing, then checks the copy's chain. */
export async function backupLedger(folder: string, file: string): Promise<LedgerVerdict> {
  const source = join(folder, LEDGER_FILE);
  if (!existsSync(source))
    throw new LedgerBackupError('E_BACKUP_SOURCE', `${folder} holds no ledger; name the agent's data folder`);
  mkdirSync(dirname(file), { recursive: true });
  const partial = `${file}.partial`;
  rmSync(partial, { force: true });
  const db = openJournalFile(source);
  try {
    await backup(db, partial);
  } finally {
    db.close();
  }
  const verdict = await verifyLedger(partial);
  if (!verdict.whole) {
    rmSync(partial, { force: true });
    throw new LedgerBackupError('E_BACKUP_BROKEN', `the journal in ${folder} is damaged: ${verdict.problem}`);
  }
  closeWal(partial);
  renameSync(partial, file);
  return verdict;
}

export interface Restored {
  readonly epoch: number;
  readonly entries: number;
  /** Where the journal that was there before lies now. */
  readonly replaced?: string;
}

/** Puts a backup in the place of the folder's journal; a journal that is there is kept beside it. */
export async function restoreLedger(file: string, folder: string, stamp: string): Promise<Restored> {
  if (!existsSync(file)) throw new LedgerBackupError('E_BACKUP_SOURCE', `there is no backup at ${file}`);
  const lock = lockDataFolder(folder);
  try {
    return await putInPlace(file, folder, stamp);
  } finally {
    lock[Symbol.dispose]();
  }
}

async function putInPlace(file: string, folder: string, stamp: string): Promise<Restored> {
  const target = join(folder, LEDGER_FILE);
  const incoming = join(folder, `${LEDGER_FILE}.incoming`);
  rmSync(incoming, { force: true });
  copyFileSync(file, incoming);
  const verdict = await verifyLedger(incoming);
  if (!verdict.whole)
    throw new LedgerBackupError('E_BACKUP_BROKEN', `the backup ${file} is damaged: ${verdict.problem}`);
  const db = openJournalFile(incoming);
  const epoch = beginNextEpoch(db);
  db.close();
  closeWal(incoming);
  const replaced = existsSync(target) ? `${target}.before-restore-${stamp}` : undefined;
  if (replaced !== undefined) {
    closeWal(target);
    renameSync(target, replaced);
  }
  renameSync(incoming, target);
  return { epoch, entries: verdict.entries, ...(replaced === undefined ? {} : { replaced }) };
}

/** Leaves one plain file: the write-ahead log is folded in and its side files go. */
function closeWal(path: string): void {
  const db = openJournalFile(path);
  db.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;');
  db.close();
}
