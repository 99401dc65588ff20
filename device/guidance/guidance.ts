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
import { inlineProcedures } from './library/inline-procedures.ts';
import type { Procedure } from './library/procedure.ts';
import { maskedQuestion } from './model/compact-prompt.ts';
import { isAskable } from './model/known-words.ts';
import type { ModelPort } from './model/model-process.ts';
import { type Priority, RequestQueue } from './model/request-queue.ts';
import { mayAnswer, ProcedureIndex } from './retrieval/procedure-index.ts';
import { topicShares } from './retrieval/topic-table.ts';
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

/** A question that another procedure knows this well is about that one, whatever card is open. */
const SURELY_ELSEWHERE = 0.85;

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
    const elsewhere = this.#inLibrary(situation, index);
    const sections = cardSections(procedures, situation);
    const fromLibrary: Decision =
      elsewhere !== undefined
        ? { chosen: elsewhere.chosen, say: [elsewhere.chosen.section.lead], model: null }
        : { say: [], model: null };
    if (sections.length === 0) return fromLibrary;
    const byModel = await this.#byModel(situation, sections, options);
    if (byModel === undefined) {
      // Words are a coarse guide: a question that another procedure knows well is about that one.
      if (elsewhere?.isOther === true && elsewhere.confidence >= SURELY_ELSEWHERE) return fromLibrary;
      const [{ topic } = { topic: 'act' }] = topicShares(maskedQuestion(situation));
      const chosen = sections.find(({ section }) => section.topic === topic);
      return chosen === undefined ? fromLibrary : { chosen, say: [chosen.section.lead], model: null };
    }
    return byModel.chosen === undefined && fromLibrary.chosen !== undefined
      ? { ...fromLibrary, ...(byModel.trace === undefined ? {} : { trace: byModel.trace }) }
      : byModel;
  }

  /** The best procedure for a question; beside an open card no other kind's card, and no single word, will do. */
  #inLibrary(
    situation: Situation,
    index: ProcedureIndex,
  ): { readonly chosen: Candidate; readonly confidence: number; readonly isOther: boolean } | undefined {
    for (const match of index.find(situation.question, situation.role)) {
      const { procedure, confidence, found } = match;
      if (!mayAnswer(match)) continue;
      const isOther = procedure.kinds.length === 0;
      const isOfCard = procedure.kinds.some((kind) => kind === situation.kind);
      if (situation.kind !== undefined && (found < 2 || !(isOther || isOfCard))) continue;
      const candidates = candidatesOf(procedure, situation);
      const topic = topicShares(maskedQuestion(situation)).find((one) => one.topic !== 'none')?.topic;
      const chosen = candidates.find(({ section }) => section.topic === topic) ?? candidates[0];
      if (chosen !== undefined) return { chosen, confidence, isOther };
    }
    return undefined;
  }

  /** undefined: there is no model or it gave nothing usable. */
  async #byModel(
    situation: Situation,
    sections: readonly Candidate[],
    { priority = 'person', signal, onEvent }: AskOptions,
  ): Promise<Decision | undefined> {
    const { model } = this.#options;
    const card = model?.card();
    if (model === undefined || card === undefined) return undefined;
    const likely = likelyTopics(situation);
    if (!isAskable(card, situation, sections) || isSurelyNone(situation))
      return { say: [], model: card.name };
    const asked = askModel(card, situation, sections, likely);
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

/** A topic with less than this share is not worth a small model's guess. */
const LIKELY = 0.15;
const SURELY = 0.5;

const likelyTopics = (situation: Situation): ReadonlySet<string> =>
  new Set(
    topicShares(maskedQuestion(situation))
      .filter(({ share }, at) => at === 0 || share >= LIKELY)
      .map(({ topic }) => topic),
  );

function isSurelyNone(situation: Situation): boolean {
  const [top] = topicShares(maskedQuestion(situation));
  return top?.topic === 'none' && top.share >= SURELY;
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
