/** PostgreSQL's jsonb refuses two kinds of text that JSON allows: U+0000 and half a surrogate pair. */
const MAX_DEPTH = 64;

/** @returns what keeps the value from being stored, in plain words; undefined when nothing does */
export function unstorableBecause(value: unknown, depth = 0): string | undefined {
  if (typeof value === 'string') return textProblem(value);
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth >= MAX_DEPTH) return `is nested deeper than ${MAX_DEPTH} levels`;
  for (const [key, inner] of Object.entries(value)) {
    // As an own key it is legal JSON; merging it into an object would change that object's prototype.
    if (key === '__proto__') return 'has a field named __proto__';
    const problem = textProblem(key) ?? unstorableBecause(inner, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function textProblem(text: string): string | undefined {
  if (text.includes('\0')) return 'contains a zero character';
  return text.isWellFormed() ? undefined : 'contains half a surrogate pair';
}
