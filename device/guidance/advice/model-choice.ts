/** Asks a model to choose among sections and to write a sentence, and reads what it wrote. */
import { parserFor } from '@truecount/protocol';
import { Type } from 'typebox';
import { answerGrammar, type GrammarTopic } from '../model/answer-grammar.ts';
import { COMPACT_PROMPT, compactPrompt } from '../model/compact-prompt.ts';
import type { ModelCard } from '../model/model-messages.ts';
import type { ModelWork } from '../model/model-process.ts';
import { plainPrompt, plainSystem } from '../model/plain-prompt.ts';
import type { Situation } from '../situation/situation.ts';
import type { Candidate } from './candidates.ts';

const Choice = Type.Object({
  topic: Type.String(),
  do: Type.Array(Type.String()),
  say: Type.String(),
});
const parseChoice = parserFor(Choice);

export interface ModelChoice {
  /** undefined: the model finds that none of the sections answers. */
  readonly chosen?: Candidate;
  readonly say: string;
}

/** The codes that stand in a trained model's prompt for a section of the retailer's own words. */
const standIns: Readonly<Record<string, string>> = {
  act: 'count-blind',
  why: 'read-evidence',
  next: 'enter-count',
  tell: 'tell-manager',
  customer: 'say-checking',
  leave: 'dismiss-reason',
};
const MOST_TOKENS = 400;

interface Offer {
  readonly candidate: Candidate;
  /** False: the model knows only its topic; all of its steps follow. */
  readonly isKnown: boolean;
  readonly codes: readonly string[];
}

export interface Asked {
  readonly work: Pick<ModelWork, 'system' | 'prompt' | 'grammar' | 'maxTokens'>;
  readonly offers: readonly Offer[];
}

/** undefined: nothing here that this model understands. */
export function askModel(
  card: ModelCard,
  situation: Situation,
  candidates: readonly Candidate[],
  likely: ReadonlySet<string>,
): Asked | undefined {
  const offers = candidates.flatMap((candidate): Offer[] => {
    const codes = candidate.steps.map(({ code }) => code);
    if (card.actions === undefined || codes.every((code) => card.actions?.includes(code)))
      return [{ candidate, isKnown: true, codes }];
    const standIn = standIns[candidate.section.topic];
    return standIn === undefined ? [] : [{ candidate, isKnown: false, codes: [standIn] }];
  });
  if (offers.length === 0) return undefined;
  const isCompact = card.prompt === COMPACT_PROMPT;
  const topics: readonly GrammarTopic[] = offers.map(({ candidate, codes }) => ({
    topic: candidate.section.topic,
    codes,
  }));
  return {
    offers,
    work: {
      system: isCompact ? '' : plainSystem,
      prompt: isCompact ? compactPrompt(situation, topics) : plainPrompt(situation, candidates),
      grammar: isCompact
        ? narrowed(topics, likely, situation)
        : answerGrammar(topics, situation.facts.keys()),
      maxTokens: MOST_TOKENS,
    },
  };
}

/** A small model chooses among what the question's words make likely. */
function narrowed(
  topics: readonly GrammarTopic[],
  likely: ReadonlySet<string>,
  { facts }: Situation,
): string {
  const open = topics.filter(({ topic }) => likely.has(topic));
  return answerGrammar(open, facts.keys(), open.length === 0 || likely.has('none'));
}

/** @returns undefined for what is not an answer to this question, whoever wrote it */
export function readChoice(text: string, offers: readonly Offer[]): ModelChoice | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = parseChoice(json);
  if (!parsed.ok) return undefined;
  const { topic, do: codes, say } = parsed.value;
  if (topic === 'none') return { say: '' };
  const offer = offers.find(({ candidate }) => candidate.section.topic === topic);
  if (offer === undefined || !codes.every((code) => offer.codes.includes(code))) return undefined;
  const { candidate, isKnown } = offer;
  // What a procedure prescribes for this state is not the model's to leave out.
  return { chosen: candidate, say: isKnown ? say : '' };
}

const begun = /^\{"topic":"([a-z-]+)","do":(\[[^\]]*\]),"say":"([^"]*)/;

/** What can be read of an answer that is still being written: complete sentences only. */
export function readBegun(
  text: string,
): { readonly choice: string; readonly sentences: readonly string[] } | undefined {
  const parts = begun.exec(text);
  if (parts === null) return undefined;
  const [, topic = '', codes = '[]', say = ''] = parts;
  const isOver = text.length > parts[0].length;
  const ends = isOver ? say : say.slice(0, Math.max(0, say.lastIndexOf('. ') + 1));
  return {
    choice: `{"topic":${JSON.stringify(topic)},"do":${codes},"say":""}`,
    sentences: ends.split(/(?<=\.)\s+/).filter((sentence) => sentence !== ''),
  };
}
