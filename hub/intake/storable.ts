/** PostgreSQL's jsonb refuses two kinds of text that JSON allows: U+0000 and half a surrogate pair. */
const MAX_DEPTH = 64;

/** @returns what keeps the value from being stored, in plain words; undefined when nothing does */
export function unstorableBecause(value: unknown, depth = 0): string | undefined {
  if (typeof value === 'string') return textProblem(value);
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth >= MAX_DEPTH) return `is nested deeper than ${MAX_DEPTH} levels`;
  for (const [key, inner] of Object.entries(value)) {
    const problem = textProblem(key) ?? unstorableBecause(inner, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function textProblem(text: string): string | undefined {
  if (text.includes('\0')) return 'contains a zero character';
  return text.isWellFormed() ? undefined : 'contains half a surrogate pair';
}
