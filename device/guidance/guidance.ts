/**
 * Guidance: a question or a card in, advice out. Four layers, each useful alone:
 * retrieval chooses procedures that this reader may see; the model (when there is one) chooses among their steps and
 * writes a sentence of placeholders; its grammar admits nothing else; checks drop a sentence that says a value of
 * the wrong thing, for which the procedure's own lead stands in. It never acts and holds no tool.
 *
 * States of the model are its process's (model-process.ts); without one the first layer answers alone.
 */
import { createHash } from 'node:crypto';
import type { Advice, AdviceSource, AdviceStep, GuidanceEvent } from '@truecount/protocol';
import { ABSTAINED } from './advice/abstained.ts';
import { candidatesOf, type Candidate } from './advice/candidates.ts';
import { cardSections } from './advice/card-sections.ts';
import { fill } from './advice/fill.ts';
import { askModel, readBegun, readChoice } from './advice/model-choice.ts';
import { maySay } from './advice/sentence-check.ts';
import { type Lean, leanOf, type Verdict } from './advice/verdicts.ts';
import { inlineProcedures } from './library/inline-procedures.ts';
import type { Procedure } from './library/procedure.ts';
import { maskedQuestion } from './model/compact-prompt.ts';
import { isAskable } from './model/known-words.ts';
import type { ModelPort } from './model/model-process.ts';
import { type Priority, RequestQueue } from './model/request-queue.ts';
import { mayAnswer, ProcedureIndex } from './retrieval/procedure-index.ts';
import { type TopicShare, topicShares, wasTaught } from './retrieval/topic-table.ts';
import type { GuideContext } from './situation/context.ts';
import { looksInjected } from './situation/injected.ts';
import { type Situation, situationOf } from './situation/situation.ts';

export interface GuidanceLogEntry {
  /** As a model sees it, without values. */
  readonly question: string;
  readonly kind?: string;
  readonly role: string;
  readonly topic: string;
  readonly sources: readonly string[];
  readonly model: string | null;
  readonly modelHash?: string;
  readonly promptHash?: string;
  readonly output?: string;
  readonly ms: number;
}

export interface GuidanceOptions {
  readonly procedures: readonly Procedure[];
  readonly model?: ModelPort;
  /** Milliseconds that only grow. */
  readonly elapsed: () => number;
  /** What people said of earlier answers; newest last. */
  readonly verdicts?: () => readonly Verdict[];
}

export interface AskOptions {
  readonly priority?: Priority;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: GuidanceEvent) => void;
  /** Told what was asked, answered and on what grounds. */
  readonly log?: (entry: GuidanceLogEntry) => void;
}

interface Decision {
  readonly chosen?: Candidate;
  readonly say: readonly string[];
  readonly model: string | null;
  readonly trace?: Pick<GuidanceLogEntry, 'modelHash' | 'promptHash' | 'output'>;
}

export class Guidance {
  readonly #options: GuidanceOptions;
  readonly #index: ProcedureIndex;
  readonly #queue = new RequestQueue<string | undefined>();

  constructor(options: GuidanceOptions) {
    this.#options = options;
    this.#index = new ProcedureIndex(options.procedures);
  }

  /** undefined: cancelled. */
  async ask(context: GuideContext, options: AskOptions = {}): Promise<Advice | undefined> {
    const started = this.#options.elapsed();
    const own = inlineProcedures(context.procedures ?? []).map(withoutInjections);
    const replaced = new Set(own.map(({ id }) => id));
    const procedures = [...this.#options.procedures.filter(({ id }) => !replaced.has(id)), ...own];
    const index = own.length === 0 ? this.#index : new ProcedureIndex(procedures);
    const situation = situationOf(context);
    const decision = await this.#decide(situation, procedures, index, options);
    if (options.signal?.aborted === true) return undefined;
    const ms = Math.round((this.#options.elapsed() - started) * 10) / 10;
    const advice = adviceOf(decision, situation, ms);
    options.log?.({
      question: maskedQuestion(situation),
      ...(situation.kind === undefined ? {} : { kind: situation.kind }),
      role: situation.role,
      topic: advice.topic,
      sources: advice.steps.map(({ id }) => id),
      model: decision.model,
      ...decision.trace,
      ms,
    });
    return advice;
  }

  async #decide(
    situation: Situation,
    procedures: readonly Procedure[],
    index: ProcedureIndex,
    options: AskOptions,
  ): Promise<Decision> {
    const lean = leanOf(maskedQuestion(situation), situation.kind, this.#options.verdicts?.() ?? []);
    const shares = sharesOf(situation, lean);
    const elsewhere = inLibrary(situation, index, shares, lean);
    const sections = cardSections(procedures, situation);
    const fromLibrary: Decision =
      elsewhere === undefined
        ? { say: [], model: null }
        : { chosen: elsewhere.chosen, say: [elsewhere.chosen.section.lead], model: null };
    if (sections.length === 0 || elsewhere?.isSurely === true) return fromLibrary;
    const byModel = await this.#byModel(situation, sections, shares, options);
    if (byModel === undefined) {
      const chosen = sections.find(({ section }) => section.topic === shares[0]?.topic);
      return chosen === undefined ? fromLibrary : { chosen, say: [chosen.section.lead], model: null };
    }
    return byModel.chosen === undefined && fromLibrary.chosen !== undefined
      ? { ...fromLibrary, ...(byModel.trace === undefined ? {} : { trace: byModel.trace }) }
      : byModel;
  }

  /** undefined: there is no model or it gave nothing usable. */
  async #byModel(
    situation: Situation,
    sections: readonly Candidate[],
    shares: readonly TopicShare[],
    { priority = 'person', signal, onEvent }: AskOptions,
  ): Promise<Decision | undefined> {
    const { model } = this.#options;
    const card = model?.card();
    if (model === undefined || card === undefined) return undefined;
    if (isOutside(shares) || (isUnsure(shares) && !isAskable(card, situation, sections)))
      return { say: [], model: null };
    const asked = askModel(card, situation, sections, likelyTopics(shares));
    if (asked === undefined) return undefined;
    const stream = onEvent === undefined ? undefined : new Stream(asked.offers, situation, onEvent);
    const text = await this.#queue.add({
      priority,
      ...(signal === undefined ? {} : { signal }),
      run: (stop) =>
        model.generate({
          ...asked.work,
          signal: stop,
          ...(stream === undefined ? {} : { onText: (chunk) => stream.hear(chunk) }),
        }),
    });
    const choice = text === undefined ? undefined : readChoice(text, asked.offers);
    if (text === undefined || choice === undefined) return undefined;
    const said = choice.say.split(/(?<=\.)\s+/).filter((sentence) => sentence !== '');
    const mayShow = said.length > 0 && said.every(maySay);
    const filled = mayShow ? said.map((sentence) => fill(sentence, situation.facts)) : [undefined];
    const isWhole = filled.every((sentence) => sentence !== undefined);
    return {
      ...(choice.chosen === undefined ? {} : { chosen: choice.chosen }),
      say: isWhole ? filled : choice.chosen === undefined ? [] : [choice.chosen.section.lead],
      model: card.name,
      trace: {
        modelHash: card.hash,
        promptHash: createHash('sha256').update(asked.work.prompt).digest('hex'),
        output: text,
      },
    };
  }
}

/** With this share a topic needs no second opinion; with less than the next it is not worth a small model's guess. */
const CERTAIN = 0.4;
const LIKELY = 0.25;
/** Nothing that the procedures of a card answer, more likely than not. */
const OUTSIDE = 0.5;
/** A question that another procedure knows this well is about that one, whatever card is open. */
const SURELY_ELSEWHERE = 0.85;
const PERHAPS_ELSEWHERE = 0.3;

const shareOf = (shares: readonly TopicShare[], topic: string): number =>
  shares.find((one) => one.topic === topic)?.share ?? 0;
const outsideOf = (shares: readonly TopicShare[]): number =>
  shareOf(shares, 'none') + shareOf(shares, 'other');
const isOutside = (shares: readonly TopicShare[]): boolean => outsideOf(shares) >= OUTSIDE;
const isUnsure = (shares: readonly TopicShare[]): boolean => (shares[0]?.share ?? 0) < CERTAIN;

/** What the question is likely about, likeliest first, by its words and by what people said of answers to its like. */
function sharesOf(situation: Situation, lean: Lean): readonly TopicShare[] {
  const pushed = topicShares(maskedQuestion(situation)).map(({ topic, share }) => ({
    topic,
    share: share * lean.topic(topic),
  }));
  const total = pushed.reduce((sum, { share }) => sum + share, 0);
  return pushed
    .map(({ topic, share }) => ({ topic, share: share / total }))
    .sort((a, b) => b.share - a.share);
}

/** Outside the card's topics it is all `none` to a model. */
function likelyTopics(shares: readonly TopicShare[]): ReadonlySet<string> {
  const [top] = shares;
  const likely = isUnsure(shares) ? shares.filter(({ share }, at) => at === 0 || share >= LIKELY) : [top];
  return new Set(
    likely.flatMap((one) => (one === undefined ? [] : one.topic === 'other' ? 'none' : one.topic)),
  );
}

interface Elsewhere {
  readonly chosen: Candidate;
  /** It answers even though a card is open that could. */
  readonly isSurely: boolean;
}

/** The best procedure for a question; beside an open card no other kind's card, and no single word, will do. */
function inLibrary(
  situation: Situation,
  index: ProcedureIndex,
  shares: readonly TopicShare[],
  lean: Lean,
): Elsewhere | undefined {
  const hasCard = situation.kind !== undefined;
  const matches = index
    .find(situation.question, situation.role)
    .toSorted((a, b) => b.score * lean.procedure(b.procedure.id) - a.score * lean.procedure(a.procedure.id));
  for (const match of matches) {
    const { procedure, confidence, found } = match;
    const isTaught = wasTaught(procedure.id);
    if (!mayAnswer(match, isTaught ? shareOf(shares, 'none') : 0)) continue;
    const isOther = procedure.kinds.length === 0;
    const isOfCard = procedure.kinds.some((kind) => kind === situation.kind);
    if (hasCard && (found < 2 || !(isOther || isOfCard))) continue;
    const candidates = candidatesOf(procedure, situation);
    const topic = shares.find((one) => one.topic !== 'none' && one.topic !== 'other')?.topic;
    const chosen = candidates.find(({ section }) => section.topic === topic) ?? candidates[0];
    if (chosen === undefined) continue;
    const mayBeElsewhere = !isTaught || shareOf(shares, 'other') >= PERHAPS_ELSEWHERE;
    return { chosen, isSurely: hasCard && isOther && mayBeElsewhere && confidence >= SURELY_ELSEWHERE };
  }
  return undefined;
}

/** Shows what is complete of an answer that is being written, once and only when it passes the checks. */
class Stream {
  #text = '';
  #hasSteps = false;
  #said = 0;
  #isSilent = false;
  readonly #offers: Parameters<typeof readChoice>[1];
  readonly #situation: Situation;
  readonly #onEvent: (event: GuidanceEvent) => void;

  constructor(
    offers: Parameters<typeof readChoice>[1],
    situation: Situation,
    onEvent: (event: GuidanceEvent) => void,
  ) {
    this.#offers = offers;
    this.#situation = situation;
    this.#onEvent = onEvent;
  }

  hear(chunk: string): void {
    this.#text += chunk;
    const begun = readBegun(this.#text);
    if (begun === undefined || this.#isSilent) return;
    if (!this.#hasSteps) {
      const chosen = readChoice(begun.choice, this.#offers)?.chosen;
      if (chosen === undefined) return;
      this.#hasSteps = true;
      this.#onEvent({ type: 'steps', ...shown(chosen) });
    }
    for (const sentence of begun.sentences.slice(this.#said)) {
      this.#said += 1;
      const filled = maySay(sentence) ? fill(sentence, this.#situation.facts) : undefined;
      // The rest is decided when the whole is there.
      if (filled === undefined) this.#isSilent = true;
      else this.#onEvent({ type: 'say', text: filled });
    }
  }
}

function shown({ procedure, section, steps }: Candidate): {
  readonly steps: AdviceStep[];
  readonly sources: AdviceSource[];
} {
  return {
    steps: steps.map(({ id, text }) => ({ id, text, source: procedure.id })),
    sources: [
      {
        id: procedure.id,
        title: procedure.title,
        version: procedure.version,
        heading: section.heading,
        paragraphs: [section.lead, ...steps.map(({ text }) => text)],
      },
    ],
  };
}

function adviceOf({ chosen, say, model }: Decision, { facts }: Situation, ms: number): Advice {
  if (chosen === undefined)
    return { answer: ABSTAINED, steps: [], abstained: true, model, ms, topic: 'none', sources: [] };
  const answer = say.join(' ');
  return {
    answer: answer === '' ? (fill(chosen.section.lead, facts) ?? chosen.section.lead) : answer,
    ...shown(chosen),
    abstained: false,
    model,
    ms,
    topic: chosen.section.topic,
  };
}

/** A procedure that came with a context may hold text for machines; staff do not need it. */
const withoutInjections = (procedure: Procedure): Procedure => ({
  ...procedure,
  title: looksInjected(procedure.title) ? procedure.id : procedure.title,
  sections: procedure.sections
    .map((section) => ({
      ...section,
      lead: looksInjected(section.lead) ? 'See the steps.' : section.lead,
      steps: section.steps.filter(({ text }) => !looksInjected(text)),
    }))
    .filter(({ steps }) => steps.length > 0),
});
