import { createHash } from 'node:crypto';

/** File systems allow 255 bytes; SQLite appends suffixes of its own. */
const longestName = 180;

/**
 * The file name of a database. Everything but small letters, digits, `-` and `_` is escaped, so that no name leaves the
 * folder and none differs from another by case alone.
 */
export function fileNameOf(databaseName: string): string {
  const escaped = databaseName.replaceAll(
    /[^a-z0-9_-]/g,
    (unit) => `%${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  if (escaped.length <= longestName) return `${escaped}.sqlite`;
  const digest = createHash('sha256').update(databaseName).digest('hex').slice(0, 32);
  return `${escaped.slice(0, longestName - 33)}~${digest}.sqlite`;
}
