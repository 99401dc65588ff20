import type { Parsed } from '@truecount/protocol';

/** PostgreSQL's jsonb refuses two kinds of text that JSON allows: U+0000 and half a surrogate pair. */
const MAX_DEPTH = 64;

/**
 * What JSON.stringify escapes when one of the two is there: U+0000, and half a pair since it makes well-formed text
 * (ECMA-262, 25.5.2.3). Nearly every document shows none of this, nor many brackets, and need not be walked.
 */
const SUSPICIOUS = /\\u|"__proto__"|(?:[[{][^[{]*){64}/;

/** @returns the value's text, or what keeps it from being stored, in plain words */
export function storableText(value: object): Parsed<string> {
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } catch (error) {
    // So deep that it overflows the stack of JSON.stringify.
    if (!(error instanceof RangeError)) throw error;
  }
  const problem = json === undefined || SUSPICIOUS.test(json) ? problemIn(value, 0) : undefined;
  return json === undefined || problem !== undefined
    ? { ok: false, problem: problem ?? 'cannot be written as JSON' }
    : { ok: true, value: json };
}

function problemIn(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string') return textProblem(value);
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth >= MAX_DEPTH) return `is nested deeper than ${MAX_DEPTH} levels`;
  for (const [key, inner] of Object.entries(value)) {
    // As an own key it is legal JSON; merging it into an object would change that object's prototype.
    if (key === '__proto__') return 'has a field named __proto__';
    const problem = textProblem(key) ?? problemIn(inner, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** @returns what keeps the text from being stored, in plain words; undefined when nothing does */
export function textProblem(text: string): string | undefined {
  if (text.includes('\0')) return 'contains a zero character';
  return text.isWellFormed() ? undefined : 'contains half a surrogate pair';
}
