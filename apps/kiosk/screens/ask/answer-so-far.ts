/** What is known of an answer while its lines come in. */
import type { AdviceSource, AdviceStep, GuidanceEvent } from '@truecount/protocol';

export interface AnswerSoFar {
  readonly id: string;
  readonly question: string;
  readonly text: string;
  readonly steps: readonly AdviceStep[];
  readonly sources: readonly AdviceSource[];
  readonly state: 'coming' | 'whole' | 'failed';
  readonly abstained: boolean;
  /** Undefined until the answer is whole. */
  readonly model?: string | null;
}

export const begin = (id: string, question: string): AnswerSoFar => ({
  id,
  question,
  text: '',
  steps: [],
  sources: [],
  state: 'coming',
  abstained: false,
});

export function hear(answer: AnswerSoFar, event: GuidanceEvent): AnswerSoFar {
  switch (event.type) {
    case 'steps':
      return { ...answer, steps: event.steps, sources: event.sources };
    case 'say':
      return { ...answer, text: `${answer.text} ${event.text}`.trim() };
    case 'advice': {
      const { answer: text, steps, sources, abstained, model } = event.advice;
      return { ...answer, text, steps, sources, abstained, model, state: 'whole' };
    }
    default:
      return event satisfies never;
  }
}
