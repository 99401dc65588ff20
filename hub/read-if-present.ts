import { readFileSync } from 'node:fs';

/** @returns the file's text, or undefined when there is no such file; anything else that goes wrong is thrown */
export function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
