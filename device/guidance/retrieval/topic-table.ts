/**
 * What a question is about, by its words, their neighbours and pieces of words: a table of hashed features fitted to
 * the training questions (models/guide/training/topics.py, which cuts and hashes in the same way). It answers alone
 * where there is no model, and narrows what a small model may choose where there is one.
 */
import { parserFor } from '@truecount/protocol';
import { Type } from 'typebox';
import { cardTopics, type Topic } from '../library/procedure.ts';
import table from './topic-weights.json' with { type: 'json' };

/** `other`: a procedure that is not the card's; `none`: nothing that a store's procedures answer. */
export type Subject = Topic | 'other';
const SUBJECTS = 8;

const Table = Type.Object({
  topics: Type.Array(Type.Enum([...cardTopics, 'other', 'none'] as const), {
    minItems: SUBJECTS,
    maxItems: SUBJECTS,
  }),
  /** There are two to the power of this many rows. */
  bits: Type.Integer({ minimum: 8, maximum: 20 }),
  /** Weights are multiples of one over this. */
  scale: Type.Number({ exclusiveMinimum: 0 }),
  bias: Type.Array(Type.Integer(), { minItems: SUBJECTS, maxItems: SUBJECTS }),
  /** Ids of the procedures whose questions it was fitted to. */
  procedures: Type.Array(Type.String()),
  /** Signed bytes, row by row, in base64. */
  weights: Type.String(),
});
const parsed = parserFor(Table)(table);
const bytes = parsed.ok ? Buffer.from(parsed.value.weights, 'base64') : Buffer.alloc(0);
if (!parsed.ok || bytes.length !== SUBJECTS << parsed.value.bits)
  throw new Error('topic-weights.json is not a table; make it anew with models/guide/training/topics.py');
const { topics, scale, bits, bias } = parsed.value;
const taught = new Set(parsed.value.procedures);

/** Whether the table can know that a question is about this procedure. */
export const wasTaught = (procedure: string): boolean => taught.has(procedure);

const weights = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);

export interface TopicShare {
  readonly topic: Subject;
  /** 0..1; all shares are 1 together. */
  readonly share: number;
}

/** @param question as `maskedQuestion` makes it @returns likeliest first */
export function topicShares(question: string): readonly TopicShare[] {
  const sums = [...bias];
  for (const row of rowsOf(question))
    for (let at = 0; at < SUBJECTS; at += 1) sums[at] = (sums[at] ?? 0) + (weights[row * SUBJECTS + at] ?? 0);
  const top = Math.max(...sums);
  const powers = sums.map((sum) => Math.exp((sum - top) / scale));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return topics
    .map((topic, at) => ({ topic, share: (powers[at] ?? 0) / total }))
    .sort((a, b) => b.share - a.share);
}

const SHORTEST_PIECE = 3;
const LONGEST_PIECE = 5;

/** Rows of the table that a question touches, each once. */
function rowsOf(question: string): ReadonlySet<number> {
  const words = question.split(' ');
  const framed = ['^', ...words, '$'];
  const found = new Set<number>();
  for (const word of words) {
    found.add(hashed(`w${word}`));
    const whole = `<${word}>`;
    for (let size = SHORTEST_PIECE; size <= LONGEST_PIECE; size += 1)
      for (let at = 0; at + size <= whole.length; at += 1)
        found.add(hashed(`c${whole.slice(at, at + size)}`));
  }
  for (const [at, word] of framed.entries()) {
    const [second, third] = [framed[at + 1], framed[at + 2]];
    if (second !== undefined) found.add(hashed(`p${word} ${second}`));
    if (second === undefined || third === undefined) continue;
    found.add(hashed(`t${word} ${second} ${third}`));
    found.add(hashed(`s${word} ${third}`));
  }
  return found;
}

/** FNV-1a over UTF-16 code units, the upper half folded into the lower. */
function hashed(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return ((value ^ (value >>> 16)) >>> 0) & ((1 << bits) - 1);
}
