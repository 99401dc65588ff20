/**
 * The prompt of models trained here (`truecount.prompt = compact-1` in their file): a few words a line, no
 * values. `#` stands for digits, a slot's name for its value.
 */
import type { Situation } from '../situation/situation.ts';

export const COMPACT_PROMPT = 'compact-1';

interface PromptTopic {
  readonly topic: string;
  readonly codes: readonly string[];
}

export function compactPrompt(situation: Situation, topics: readonly PromptTopic[]): string {
  const lines = [
    `kind ${situation.kind ?? 'none'}`,
    `state ${[...situation.flags].join(' ')}`.trim(),
    `has ${[...situation.facts.keys()].join(' ')}`.trim(),
    ...topics.map(({ topic, codes }) => `${topic}: ${codes.join(' ')}`),
    `ask ${maskedQuestion(situation)}`,
  ];
  return lines.join('\n');
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** Short forms are written out, as in the training questions. */
const written: readonly (readonly [RegExp, string])[] = [
  [/[’‘`]/g, "'"],
  [/\bcan't\b/g, 'can not'],
  [/\bwon't\b/g, 'will not'],
  [/n't\b/g, ' not'],
  [/'m\b/g, ' am'],
  [/'re\b/g, ' are'],
  [/'ve\b/g, ' have'],
  [/'ll\b/g, ' will'],
  [/'d\b/g, ' would'],
  [/\b(it|that|what|who|where|how|there|here|he|she)'s\b/g, '$1 is'],
  [/'/g, ' '],
];

/** The question in lower case, the product's name as its slot, digits as `#`. */
export function maskedQuestion({ question, facts }: Pick<Situation, 'question' | 'facts'>): string {
  const text = written.reduce((said, [from, to]) => said.replaceAll(from, to), question.toLowerCase());
  const masked = withSlot(text, facts.get('product')?.toLowerCase() ?? '')
    .replaceAll(/\d+(?:[.,]\d+)*/g, '#')
    .replaceAll(/[^\p{L}#<>\s-]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return masked === '' ? 'what do i do' : masked;
}

/** People say "the oat drink" for "Oat drink barista 1 l": the longest beginning of the name counts. */
function withSlot(text: string, product: string): string {
  const words = product.split(' ').filter((word) => word !== '');
  for (let length = words.length; length >= Math.min(2, words.length) && length > 0; length -= 1) {
    const name = new RegExp(`(?<!\\p{L})${escaped(words.slice(0, length).join(' '))}(?!\\p{L})`, 'gu');
    if (name.test(text)) return text.replaceAll(name, '<product>');
  }
  return text;
}

/** What the model writes; see `answer-grammar.ts` for the form. */
export const answerText = (topic: string, codes: readonly string[], say: string): string =>
  JSON.stringify({ topic, do: codes, say });
