/** SQLSTATE of a failed statement, the same on both databases; undefined for anything else. */
export function sqlStateOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : undefined;
}

export class DatabaseUsageError extends Error {
  readonly code = 'E_DATABASE_USAGE';
}

export class DatabaseFolderInUseError extends Error {
  readonly code = 'E_DATABASE_FOLDER_IN_USE';
  constructor(folder: string) {
    super(
      `${folder} is in use by another hub; stop that one, or give this one its own folder or a DATABASE_URL`,
    );
  }
}

export class MigrationError extends Error {
  readonly code = 'E_MIGRATION';
}
