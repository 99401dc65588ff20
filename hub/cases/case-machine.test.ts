import { caseStates } from '@truecount/protocol';
import { describe, expect, it } from 'vitest';
import { caseEvents, caseMachine, checkCaseMachine, nextState } from './case-machine.ts';

describe('the life of a case', () => {
  it('answers every event in every state, can reach every state, and can always end', () => {
    for (const state of caseStates)
      for (const event of caseEvents) expect(caseMachine[state][event], `${state} ${event}`).toBeDefined();
    expect(() => checkCaseMachine()).not.toThrow();
  });

  it('is refused at the start when a state cannot be reached or cannot end', () => {
    const ignored = caseMachine.resolved;
    expect(() =>
      checkCaseMachine({
        ...caseMachine,
        open: { ...caseMachine.open, watch: 'ignored' },
        proposed: { ...caseMachine.proposed, watch: 'ignored' },
      }),
    ).toThrow(/no case can ever be observing/);
    expect(() => checkCaseMachine({ ...caseMachine, observing: { ...ignored, undo: 'ignored' } })).toThrow(
      /observing can never end/,
    );
  });

  it('ignores what comes too late or twice', () => {
    expect(nextState('resolved', 'approve')).toBeUndefined();
    expect(nextState('acting', 'approve')).toBeUndefined();
    expect(nextState('expired', 'approve')).toBe('approved');
  });
});
