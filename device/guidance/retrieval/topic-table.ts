/**
 * What a question about a card is likely about, by its words and pairs of neighbours: a table fitted to the training
 * questions (models/guide/training/topics.py). It answers alone where there is no model, and narrows what a small
 * model may choose where there is one.
 */
import { parserFor } from '@truecount/protocol';
import { Type } from 'typebox';
import { cardTopics, type Topic } from '../library/procedure.ts';
import table from './topic-weights.json' with { type: 'json' };

const row = Type.Array(Type.Integer(), { minItems: 7, maxItems: 7 });
const Table = Type.Object({
  topics: Type.Array(Type.Enum([...cardTopics, 'none'] as const), { minItems: 7, maxItems: 7 }),
  /** Weights are multiples of one over this. */
  scale: Type.Number({ exclusiveMinimum: 0 }),
  bias: row,
  weights: Type.Record(Type.String(), row),
});
const parsed = parserFor(Table)(table);
if (!parsed.ok)
  throw new Error(`topic-weights.json: ${parsed.problem}; make it anew with models/guide/training/topics.py`);
const { topics, scale, bias, weights } = parsed.value;

export interface TopicShare {
  readonly topic: Topic;
  /** 0..1; all shares are 1 together. */
  readonly share: number;
}

/** @param question as `maskedQuestion` makes it @returns likeliest first */
export function topicShares(question: string): readonly TopicShare[] {
  const words = ['^', ...question.split(' '), '$'];
  const found = new Set([...words.slice(1, -1), ...words.slice(1).map((word, at) => `${words[at]} ${word}`)]);
  const sums = [...bias];
  for (const feature of found)
    if (Object.hasOwn(weights, feature))
      for (const [at, weight] of (weights[feature] ?? []).entries()) sums[at] = (sums[at] ?? 0) + weight;
  const top = Math.max(...sums);
  const powers = sums.map((sum) => Math.exp((sum - top) / scale));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return topics
    .map((topic, at) => ({ topic, share: (powers[at] ?? 0) / total }))
    .sort((a, b) => b.share - a.share);
}
