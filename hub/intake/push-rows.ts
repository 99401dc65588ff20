/** Reads the rows of a push one by one: what cannot be read is refused alone. */
import { parserFor, PushRow } from '@truecount/protocol';
import type { Refusal } from './quarantine.ts';
import { textProblem } from './storable.ts';

const parseRow = parserFor(PushRow);

export interface ReadRows {
  readonly rows: readonly PushRow[];
  readonly refused: readonly Refusal[];
}

export function readRows(given: readonly unknown[]): ReadRows {
  const rows: PushRow[] = [];
  const refused: Refusal[] = [];
  const seen = new Set<string>();
  given.forEach((value, at) => {
    const parsed = parseRow(value);
    const problem = parsed.ok ? rowProblem(parsed.value, seen) : parsed.problem;
    if (parsed.ok && problem === undefined) {
      rows.push(parsed.value);
      seen.add(parsed.value.next.id);
    } else refused.push({ document: salvage(value, at), reason: problem ?? 'cannot be read' });
  });
  return { rows, refused };
}

function rowProblem({ next }: PushRow, seen: ReadonlySet<string>): string | undefined {
  const idProblem = textProblem(next.id);
  if (idProblem !== undefined) return `id ${idProblem}`;
  return seen.has(next.id) ? 'comes twice in one push' : undefined;
}

/** As much of an unreadable row as can be kept, under a name it can be found by. */
function salvage(value: unknown, at: number): Refusal['document'] {
  const next: unknown = typeof value === 'object' && value !== null && 'next' in value ? value.next : value;
  const id: unknown = typeof next === 'object' && next !== null && 'id' in next ? next.id : undefined;
  const name = typeof id === 'string' && id !== '' ? id.slice(0, 128) : `row-${at}`;
  return { ...(typeof next === 'object' ? next : { value: next }), id: name };
}
