/** Which steps may be advised: those of the card's procedure that this reader may see, policy allows and the state asks for. */
import type { OptionKind } from '@truecount/protocol';
import type { Procedure, Section, Step } from '../library/procedure.ts';
import type { Situation } from '../situation/situation.ts';

export const mayRead = (procedure: Procedure, role: Situation['role']): boolean =>
  procedure.roles.includes(role);

/** Looking and counting do no harm, whatever else policy leaves open. */
const isOpen = (option: OptionKind, { options }: Situation): boolean =>
  option === 'count' || option === 'restock' || options === undefined || options.has(option);

export function stepsFor(section: Section, situation: Situation): readonly Step[] {
  return section.steps.filter(
    ({ roles, option, when }) =>
      (roles === undefined || roles.includes(situation.role)) &&
      (option === undefined || isOpen(option, situation)) &&
      when.every((flag) => situation.flags.has(flag)),
  );
}

export interface Candidate {
  readonly procedure: Procedure;
  readonly section: Section;
  readonly steps: readonly Step[];
}

/** Sections of one procedure that have something to say here. */
export const candidatesOf = (procedure: Procedure, situation: Situation): readonly Candidate[] =>
  procedure.sections
    .map((section) => ({ procedure, section, steps: stepsFor(section, situation) }))
    .filter(({ steps }) => steps.length > 0);
