/** Answers to doubt about the record itself: look (count), or act on the belief without looking. */
import { type ExceptionKind, moneyOf } from '@truecount/protocol';
import { marginMinor } from '../planning/problem-from-facts.ts';
import { type Candidate, named, sumOf } from './candidate.ts';
import { labourMinor, type ScoredMove, type ScoreInputs, storeName } from './score-inputs.ts';
import { expectedSales, valueWhenKnown } from './stock-values.ts';

/** Kinds that say "the record is wrong": the exposure is what a right record would give back. */
const RECORD_KINDS = new Set<ExceptionKind>([
  'phantom-stock',
  'hidden-stock',
  'negative-record',
  'receipt-mismatch',
]);
/** A count asked for now is there about this much of a trading day later. */
const COUNT_DELAY_DAYS = 1 / 14;

const isAboutRecord = (inputs: ScoreInputs): boolean => RECORD_KINDS.has(inputs.entry.row.kind);

/**
 * Count first: the record becomes right, and the best transfer is made only if the count says it pays (value of
 * information), less the labour and the sales that pass while waiting.
 */
export function countOption(inputs: ScoreInputs, moves: readonly ScoredMove[]): Candidate | undefined {
  const { entry, facts, policy, position } = inputs;
  if (entry.row.sku === null || !position) return undefined;
  const { currency } = entry.row;
  const best = moves.find(({ isPlanned }) => isPlanned) ?? moves[0];
  const known = best ? moneyOf(valueWhenKnown(best.outcomes), currency).minor : 0;
  const delay = Math.round(position.rate * COUNT_DELAY_DAYS * position.p0 * marginMinor(position));
  const terms = [
    ...(isAboutRecord(inputs)
      ? [{ name: 'a right record: reorders and promises work again', minor: entry.row.exposure_minor }]
      : []),
    ...(best ? [{ name: 'moving units only if the count says it pays', minor: known }] : []),
    { name: 'labour', minor: -labourMinor(policy, policy.labour.minutesPerCount) },
    ...(delay > 0 ? [{ name: 'sales missed while counting', minor: -delay }] : []),
  ];
  return {
    option: 'count',
    ...named('option-count', { store: storeName(facts, entry.row.store) }),
    expectedMinor: sumOf(terms),
    spreadMinor: Math.round(entry.row.exposure_minor * Math.sqrt(position.p0 * (1 - position.p0))),
    successProbability: 0.95,
    terms,
    steps: [`${storeName(facts, entry.row.store)} counts`, 'the hub scores the case again with the count'],
    undo: 'Withdraw the request to count.',
    action: { kind: 'ask-store', store: entry.row.store, task: 'count' },
  };
}

/** Set the record to what is believed, without a look: right if the belief is, and it hides real stock if not. */
export function adjustOption(inputs: ScoreInputs): Candidate | undefined {
  const { entry, facts, policy, position } = inputs;
  if (!isAboutRecord(inputs) || !position) return undefined;
  const believed = mostLikely(position.pmf);
  const demand = position.rate * policy.detection.coverDays;
  const harm = position.pmf.reduce(
    (sum, p, n) => sum + (n === believed ? 0 : p * expectedSales(demand, n)),
    0,
  );
  const right = position.pmf[believed] ?? 0;
  const terms = [
    { name: 'a right record', minor: Math.round(entry.row.exposure_minor * right) },
    { name: 'stock written off that is there', minor: -Math.round(harm * marginMinor(position)) },
  ];
  return {
    option: 'adjust-record',
    ...named('option-adjust', { store: storeName(facts, entry.row.store), qty: believed }),
    expectedMinor: sumOf(terms),
    spreadMinor: Math.round(entry.row.exposure_minor * Math.sqrt(right * (1 - right))),
    successProbability: right,
    terms,
    steps: [`the ERP gets an adjustment to ${believed}`],
    undo: `The ERP gets an adjustment back to ${position.record}.`,
    action: {
      kind: 'message',
      port: 'erp',
      what: `set-record ${believed}`,
      undoWhat: `set-record ${position.record}`,
    },
  };
}

export function restockOption(inputs: ScoreInputs): Candidate | undefined {
  const { entry, facts, policy, position } = inputs;
  if (entry.row.kind !== 'shelf-gap') return undefined;
  const present = position?.confidence ?? 0.5;
  const terms = [
    { name: 'sales from a filled shelf', minor: Math.round(entry.row.exposure_minor * present) },
    { name: 'labour', minor: -labourMinor(policy, 2 * policy.labour.minutesPerCount) },
  ];
  return {
    option: 'restock',
    ...named('option-restock', { store: storeName(facts, entry.row.store) }),
    expectedMinor: sumOf(terms),
    spreadMinor: Math.round(entry.row.exposure_minor * Math.sqrt(present * (1 - present))),
    successProbability: present,
    terms,
    steps: [`${storeName(facts, entry.row.store)} restocks`],
    undo: 'Withdraw the request to restock.',
    action: { kind: 'ask-store', store: entry.row.store, task: 'restock' },
  };
}

function mostLikely(pmf: readonly number[]): number {
  let best = 0;
  for (const [n, p] of pmf.entries()) if (p > (pmf[best] ?? 0)) best = n;
  return best;
}
