/**
 * Programs that some tests need and that this project does not install. Where one is absent its tests are
 * skipped with a line that names it; with `CI=true` an absent one fails them.
 */
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

export function findProgram(name: string, furtherFolders: readonly string[] = []): string | undefined {
  const folders = [
    ...furtherFolders,
    ...(process.env['PATH'] ?? '').split(':'),
    '/usr/sbin',
    '/usr/local/sbin',
  ];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** True when the tests that need `name` are to be skipped; says so once per file. */
export function skippedWithout(name: string, path: string | undefined): boolean {
  if (path !== undefined || process.env['CI'] === 'true') return false;
  console.log(`skipped: ${name} is not installed here (apt-get install ${name})`);
  return true;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
