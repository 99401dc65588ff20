/** The procedures of a store: those of a folder, then those a hub has signed; the same id replaces. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseProcedure } from './parse-procedure.ts';
import type { Procedure } from './procedure.ts';

export const shippedProcedures = fileURLToPath(new URL('../procedures', import.meta.url));

const MOST_PROCEDURES = 2000;

export interface ProcedureProblem {
  readonly file: string;
  readonly problem: string;
}

export interface LoadedProcedures {
  readonly procedures: readonly Procedure[];
  /** Files that could not be read as a procedure; the others are in force. */
  readonly problems: readonly ProcedureProblem[];
}

/** @param folders later ones replace procedures of the same id; a folder that is missing is a problem, not an end */
export function loadProcedures(folders: readonly string[]): LoadedProcedures {
  const byId = new Map<string, Procedure>();
  const problems: ProcedureProblem[] = [];
  for (const folder of folders) {
    let files: string[];
    try {
      files = readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md');
    } catch {
      problems.push({ file: folder, problem: 'this folder cannot be read' });
      continue;
    }
    for (const name of files.toSorted()) {
      const file = join(folder, name);
      const parsed = parseProcedure(readFileSync(file, 'utf8'));
      if (!parsed.ok) problems.push({ file, problem: parsed.problem });
      else if (byId.size >= MOST_PROCEDURES && !byId.has(parsed.value.id))
        problems.push({ file, problem: `more than ${MOST_PROCEDURES} procedures` });
      else byId.set(parsed.value.id, parsed.value);
    }
  }
  return { procedures: [...byId.values()], problems };
}
