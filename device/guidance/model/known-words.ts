/**
 * Whether a small model may be asked a question at all: it answers anything it is given, so a question of words that
 * it never met is not for it. Words of the card's own procedures count as known.
 */
import { stemsOf } from '../retrieval/words.ts';
import { maskedQuestion } from './compact-prompt.ts';
import type { Candidate } from '../advice/candidates.ts';
import type { Situation } from '../situation/situation.ts';
import type { ModelCard } from './model-messages.ts';

/** Most of what is asked must be known. */
const FEWEST_KNOWN = 0.34;

export function isAskable(card: ModelCard, situation: Situation, candidates: readonly Candidate[]): boolean {
  if (card.words === undefined) return true;
  const known = new Set(
    stemsOf(
      [
        ...card.words,
        ...candidates.flatMap(({ procedure, section, steps }) => [
          procedure.title,
          procedure.terms,
          section.lead,
          ...steps.map(({ text }) => text),
        ]),
      ].join(' '),
    ),
  );
  const asked = [...new Set(stemsOf(maskedQuestion(situation).replaceAll(/<[a-z]+>/g, ' ')))];
  const met = asked.filter((stem) => known.has(stem)).length;
  return asked.length === 0 || met / asked.length >= FEWEST_KNOWN;
}
