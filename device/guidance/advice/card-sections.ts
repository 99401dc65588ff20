/**
 * The sections for one card: those of all procedures for its kind, by topic. A procedure that was added later wins a
 * topic; one without topics answers "what to do".
 */
import type { Procedure } from '../library/procedure.ts';
import type { Situation } from '../situation/situation.ts';
import { type Candidate, candidatesOf, mayRead } from './candidates.ts';

export function cardSections(procedures: readonly Procedure[], situation: Situation): readonly Candidate[] {
  const { kind } = situation;
  if (kind === undefined) return [];
  const byTopic = new Map<string, Candidate>();
  for (const procedure of procedures) {
    if (!procedure.kinds.includes(kind) || !mayRead(procedure, situation.role)) continue;
    for (const candidate of candidatesOf(procedure, situation)) {
      const topic = candidate.section.topic === 'steps' ? 'act' : candidate.section.topic;
      byTopic.set(topic, { ...candidate, section: { ...candidate.section, topic } });
    }
  }
  return [...byTopic.values()];
}
