/**
 * The prompt of models trained here (`truecount.prompt = compact-1` in their file): a few words a line, no
 * values. `#` stands for digits, a slot's name for its value.
 */
import type { Candidate } from '../advice/candidates.ts';
import type { Situation } from '../situation/situation.ts';

export const COMPACT_PROMPT = 'compact-1';

export function compactPrompt(situation: Situation, candidates: readonly Candidate[]): string {
  const lines = [
    `kind ${situation.kind ?? 'none'}`,
    `state ${[...situation.flags].join(' ')}`.trim(),
    `has ${[...situation.facts.keys()].join(' ')}`.trim(),
    ...candidates.map(({ section, steps }) => `${section.topic}: ${steps.map(({ code }) => code).join(' ')}`),
    `ask ${maskedQuestion(situation)}`,
  ];
  return lines.join('\n');
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** The question in lower case, the product's name as its slot, digits as `#`. */
export function maskedQuestion({ question, facts }: Situation): string {
  const product = facts.get('product');
  const text = question.toLowerCase();
  const named =
    product === undefined || product === ''
      ? text
      : text.replaceAll(new RegExp(escaped(product.toLowerCase()), 'g'), '<product>');
  const masked = named
    .replaceAll(/\d+(?:[.,]\d+)*/g, '#')
    .replaceAll(/[^\p{L}#<>'\s-]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return masked === '' ? 'what do i do' : masked;
}

/** What the model writes; see `answer-grammar.ts` for the form. */
export const answerText = (topic: string, codes: readonly string[], say: string): string =>
  JSON.stringify({ topic, do: codes, say });
