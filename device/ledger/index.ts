/** The journal's door: see ledger.ts for what it promises. */
export { backupLedger, LedgerBackupError, type Restored, restoreLedger } from './backup.ts';
export { DataFolderInUseError, lockDataFolder } from './data-folder-lock.ts';
export { LedgerBusyError } from './group-commit.ts';
export type { LedgerIdentity } from './identity.ts';
export {
  type AppendResult,
  Ledger,
  LEDGER_FILE,
  LedgerClosedError,
  type LedgerHead,
  type LedgerOptions,
  LedgerWriteError,
} from './ledger.ts';
export { type JournalOf, LedgerReader, openLedgerReader } from './ledger-reader.ts';
export { LedgerCorruptError } from './rows.ts';
export { LedgerFormatError } from './tables.ts';
export { type LedgerVerdict, verifyLedger } from './verify.ts';
