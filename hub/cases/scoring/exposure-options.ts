/** Answers to promises that are too large or goods that are late: lower what is shown, or hurry what is coming. */
import { marginMinor } from '../planning/problem-from-facts.ts';
import { type Candidate, named, sumOf } from './candidate.ts';
import { type ScoreInputs, storeName } from './score-inputs.ts';
import { expectedSales } from './stock-values.ts';

/** An order that is broken costs about its price again in service, until it is measured. */
const BROKEN_ORDER_FACTOR = 0.5;
/** Share of late goods that a carrier can still hurry, and what that costs of their value. */
const EXPEDITE_WORKS = 0.6;
const EXPEDITE_COSTS = 0.15;

/** Show online only what can surely be promised. */
export function quarantineOption({ entry, facts, policy, position }: ScoreInputs): Candidate | undefined {
  if (entry.row.kind !== 'oversell-risk' || !position) return undefined;
  const shown = entry.findings[0]?.evidence[0]?.params['promisable'];
  const promisable = typeof shown === 'number' ? shown : 0;
  const demand = position.rate * policy.detection.coverDays;
  const hidden = position.pmf.reduce(
    (sum, p, n) => sum + p * (expectedSales(demand, n) - expectedSales(demand, Math.min(n, promisable))),
    0,
  );
  const terms = [
    { name: 'broken orders avoided', minor: Math.round(entry.row.exposure_minor * BROKEN_ORDER_FACTOR) },
    { name: 'online sales not made', minor: -Math.round(hidden * marginMinor(position)) },
  ];
  return {
    option: 'quarantine',
    ...named('option-quarantine', { qty: promisable, store: storeName(facts, entry.row.store) }),
    expectedMinor: sumOf(terms),
    spreadMinor: Math.round(entry.row.exposure_minor / 2),
    successProbability: 0.99,
    terms,
    steps: [`the shop shows ${promisable}`],
    undo: 'Publish the former quantity again.',
    action: { kind: 'message', port: 'commerce', what: `expose ${promisable}`, ...undoOf(entry) },
  };
}

/** What was shown before, as far as the other system said it. */
function undoOf(entry: ScoreInputs['entry']): { readonly undoWhat?: string } {
  const shown = entry.findings[0]?.evidence[0]?.params['shown'];
  return typeof shown === 'number' ? { undoWhat: `expose ${shown}` } : {};
}

export function expediteOption({ entry, facts }: ScoreInputs): Candidate | undefined {
  if (entry.row.kind !== 'late-inbound') return undefined;
  const terms = [
    { name: 'sales kept by arriving earlier', minor: Math.round(entry.row.exposure_minor * EXPEDITE_WORKS) },
    { name: 'carrier', minor: -Math.round(entry.row.exposure_minor * EXPEDITE_COSTS) },
  ];
  return {
    option: 'expedite',
    ...named('option-expedite', { store: storeName(facts, entry.row.store) }),
    expectedMinor: sumOf(terms),
    spreadMinor: Math.round(entry.row.exposure_minor / 2),
    successProbability: EXPEDITE_WORKS,
    terms,
    steps: ['the supplier is asked for an earlier delivery'],
    action: { kind: 'message', port: 'supply', what: 'expedite' },
  };
}
