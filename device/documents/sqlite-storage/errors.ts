/** Stable codes of broken assumptions; the message says what happened, to what, and what to do. */
export type StorageErrorCode =
  | 'STORAGE_CLOSED'
  | 'STORAGE_BUSY'
  | 'STORAGE_FORMAT'
  | 'STORAGE_NOT_DURABLE'
  | 'STORAGE_ATTACHMENT_MISSING';

export interface StorageError extends Error {
  readonly code: StorageErrorCode;
}

/** A plain Error with a code, not a subclass: RxDB's storage suite accepts no other class from a closed storage. */
export function storageError(code: StorageErrorCode, message: string, options?: ErrorOptions): StorageError {
  return Object.assign(new Error(message, options), { code });
}

/** Primary result codes; extended ones (BUSY_RECOVERY, BUSY_SNAPSHOT) carry them in their low byte. */
const sqliteBusy = 5;
const sqliteFull = 13;
const sqliteConstraint = 19;

export const isBusy = (error: unknown): boolean => resultCodeOf(error) === sqliteBusy;
/** A row broke a rule of its table, such as an id that exists already; the statement has left nothing behind. */
export const isConstraint = (error: unknown): boolean => resultCodeOf(error) === sqliteConstraint;
export const isFull = (error: unknown): boolean => resultCodeOf(error) === sqliteFull;

function resultCodeOf(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode & 0xff
    : undefined;
}
