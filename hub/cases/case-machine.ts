/**
 * The life of a case as one total table: every state answers every event, with a next state or with `ignored`.
 * An ignored event is not an error: with stores that go offline, answers arrive late, twice, and in any order.
 *
 *   open -> proposed -> awaiting-approval -> approved -> acting -> resolved
 *
 * `checkCaseMachine` runs at boot: every state can be reached, and from every state there is a way to an end.
 */
import { type CaseState, caseStates } from '@truecount/protocol';

export const caseEvents = [
  /** Options were scored: one is proposed, watching is enough, or somebody higher must look. */
  'propose',
  'watch',
  'escalate',
  /** The proposal went to the person who decides. */
  'ask',
  'approve',
  'decline',
  'expire',
  /** Steps are under way, done, or went wrong. */
  'act',
  'succeed',
  'fail',
  /** The evidence behind the case is gone. */
  'dissolve',
  /** Look again: new evidence, or an attempt that ended without success. */
  'reopen',
  'undo',
  'undone',
] as const;
export type CaseEvent = (typeof caseEvents)[number];

type Next = CaseState | 'ignored';
const ignored = 'ignored';

/** Nothing applies; each state names what differs. */
const nothing: Readonly<Record<CaseEvent, Next>> = {
  propose: ignored,
  watch: ignored,
  escalate: ignored,
  ask: ignored,
  approve: ignored,
  decline: ignored,
  expire: ignored,
  act: ignored,
  succeed: ignored,
  fail: ignored,
  dissolve: ignored,
  reopen: ignored,
  undo: ignored,
  undone: ignored,
};

export const caseMachine: Readonly<Record<CaseState, Readonly<Record<CaseEvent, Next>>>> = {
  open: {
    ...nothing,
    propose: 'proposed',
    watch: 'observing',
    escalate: 'escalated',
    decline: 'declined',
    dissolve: 'resolved',
  },
  observing: {
    ...nothing,
    propose: 'proposed',
    escalate: 'escalated',
    decline: 'declined',
    dissolve: 'resolved',
    reopen: 'open',
  },
  proposed: {
    ...nothing,
    watch: 'observing',
    escalate: 'escalated',
    ask: 'awaiting-approval',
    approve: 'approved',
    decline: 'declined',
    expire: 'expired',
    dissolve: 'resolved',
    reopen: 'open',
  },
  'awaiting-approval': {
    ...nothing,
    escalate: 'escalated',
    approve: 'approved',
    decline: 'declined',
    expire: 'expired',
    fail: 'failed',
    dissolve: 'resolved',
  },
  approved: { ...nothing, act: 'acting', fail: 'failed', succeed: 'resolved' },
  acting: {
    ...nothing,
    succeed: 'resolved',
    fail: 'failed',
    reopen: 'open',
    undo: 'undoing',
    escalate: 'escalated',
  },
  resolved: { ...nothing, undo: 'undoing' },
  declined: { ...nothing, approve: 'approved', dissolve: 'resolved', reopen: 'open', escalate: 'escalated' },
  // A decision taken in time but offline may arrive after the hub let the proposal expire.
  expired: {
    ...nothing,
    approve: 'approved',
    decline: 'declined',
    dissolve: 'resolved',
    reopen: 'open',
    escalate: 'escalated',
  },
  failed: {
    ...nothing,
    approve: 'approved',
    dissolve: 'resolved',
    reopen: 'open',
    escalate: 'escalated',
    undo: 'undoing',
  },
  undoing: { ...nothing, undone: 'undone', fail: 'escalated' },
  undone: { ...nothing, dissolve: 'resolved', reopen: 'open' },
  escalated: {
    ...nothing,
    propose: 'proposed',
    ask: 'awaiting-approval',
    approve: 'approved',
    decline: 'declined',
    dissolve: 'resolved',
    reopen: 'open',
    undo: 'undoing',
  },
};

/** A case in one of these has come to its end; new evidence opens a new one. */
const ends = new Set<CaseState>(['resolved', 'undone']);
export const isOver = (state: CaseState): boolean => ends.has(state);

/** States in which options are scored again. */
export const scoredStates: readonly CaseState[] = ['open', 'observing'];

export const nextState = (state: CaseState, event: CaseEvent): CaseState | undefined => {
  const next = caseMachine[state][event];
  return next === ignored ? undefined : next;
};

export class CaseMachineError extends Error {
  readonly code = 'E_CASE_MACHINE';
}

/** @throws CaseMachineError naming the first state that cannot be reached or cannot be left for an end */
export function checkCaseMachine(machine: typeof caseMachine = caseMachine): void {
  const from = (start: CaseState): Set<CaseState> => {
    const reached = new Set<CaseState>([start]);
    for (const state of reached)
      for (const next of Object.values(machine[state])) if (next !== ignored) reached.add(next);
    return reached;
  };
  const reachable = from('open');
  for (const state of caseStates) {
    if (!reachable.has(state)) throw new CaseMachineError(`no case can ever be ${state}`);
    if (![...from(state)].some(isOver)) throw new CaseMachineError(`a case that is ${state} can never end`);
  }
}
