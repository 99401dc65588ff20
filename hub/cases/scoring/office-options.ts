/** Answers that are given at a desk: claims, reconciling, a look at a cable, a model that has to be fitted again. */
import { type Candidate, named, sumOf } from './candidate.ts';
import { labourMinor, type ScoreInputs, storeName } from './score-inputs.ts';

/** Suppliers accept most well-documented claims; a cautious share until outcomes are labelled. */
const CLAIM_ACCEPTED = 0.7;
const CLAIM_MINUTES = 12;
const RECONCILE_MINUTES = 10;
const RECONCILED = 0.9;
const CABLE_MINUTES = 10;
const CABLE_HELPS = 0.8;
const RETRAIN_MINUTES = 30;
const RETRAIN_HELPS = 0.6;

interface DeskWork {
  readonly gain: string;
  readonly share: number;
  readonly minutes: number;
}

function deskScore({ entry, policy }: ScoreInputs, { gain, share, minutes }: DeskWork) {
  const { exposure_minor: exposure } = entry.row;
  const terms = [
    { name: gain, minor: Math.round(exposure * share) },
    { name: 'labour', minor: -labourMinor(policy, minutes) },
  ];
  return {
    terms,
    expectedMinor: sumOf(terms),
    spreadMinor: Math.round(exposure * Math.sqrt(share * (1 - share))),
    successProbability: share,
  };
}

/** A delivery that does not match its notice: ask the supplier for the difference. */
export function claimOption(inputs: ScoreInputs): Candidate | undefined {
  const { row } = inputs.entry;
  if (row.kind !== 'receipt-mismatch') return undefined;
  return {
    option: 'claim',
    ...named('option-claim', { store: storeName(inputs.facts, row.store) }),
    ...deskScore(inputs, { gain: 'goods or money back', share: CLAIM_ACCEPTED, minutes: CLAIM_MINUTES }),
    steps: ['the ERP opens a claim with the delivery’s evidence', 'the supplier answers'],
    undo: 'Withdraw the claim.',
    action: { kind: 'message', port: 'erp', what: 'open-claim', undoWhat: 'withdraw-claim' },
  };
}

/** A return that one channel knows and another does not: have the missing steps booked. */
export function reconcileOption(inputs: ScoreInputs): Candidate | undefined {
  const { row } = inputs.entry;
  if (row.kind !== 'return-unreconciled') return undefined;
  return {
    option: 'reconcile',
    ...named('option-reconcile', {}),
    ...deskScore(inputs, {
      gain: 'money booked where it belongs',
      share: RECONCILED,
      minutes: RECONCILE_MINUTES,
    }),
    steps: ['finance gets the return with its missing steps', 'the steps are booked'],
    undo: 'Withdraw the request.',
    action: { kind: 'message', port: 'erp', what: 'reconcile-return', undoWhat: 'withdraw-reconcile-return' },
  };
}

export function checkFeedOption(inputs: ScoreInputs): Candidate | undefined {
  const { row } = inputs.entry;
  if (row.kind !== 'feed-silent') return undefined;
  const name = storeName(inputs.facts, row.store);
  return {
    option: 'check-feed',
    ...named('option-check-feed', { store: name }),
    ...deskScore(inputs, { gain: 'sales heard again', share: CABLE_HELPS, minutes: CABLE_MINUTES }),
    steps: [`${name} checks plug, port and power`],
    undo: 'Withdraw the request.',
    action: { kind: 'ask-store', store: row.store, task: 'check-feed' },
  };
}

/** Automation at the store is off already while its model drifts; what is left is to mend the model. */
export function retrainOption(inputs: ScoreInputs): Candidate | undefined {
  const { row } = inputs.entry;
  if (row.kind !== 'model-drift') return undefined;
  return {
    option: 'retrain',
    ...named('option-retrain', { store: storeName(inputs.facts, row.store) }),
    ...deskScore(inputs, { gain: 'decisions on right odds', share: RETRAIN_HELPS, minutes: RETRAIN_MINUTES }),
    steps: ['whoever runs the models is asked to fit and compare', 'the better of both serves'],
    undo: 'Withdraw the request; the model in service was not touched.',
    action: { kind: 'message', port: 'models', what: 'retrain', undoWhat: 'withdraw-retrain' },
  };
}
