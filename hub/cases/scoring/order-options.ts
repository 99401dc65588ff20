/** Answers to an order that cannot be picked where it was promised. */
import { supportedUnits } from '../escrow.ts';
import { marginMinor } from '../planning/problem-from-facts.ts';
import { placeKey } from '../planning/round-facts.ts';
import { type Candidate, named, sumOf, wholePercent } from './candidate.ts';
import { labourMinor, type ScoreInputs, storeName } from './score-inputs.ts';
import { expectedSales } from './stock-values.ts';

const PICK_MINUTES = 5;
/** Customers who stay when told early that it takes longer; the rest cancel. A cautious half until it is measured. */
const DELAY_KEEPS = 0.5;

/** Let another store pick it: one option for each store that is sure enough of the units. */
export function reassignOptions(inputs: ScoreInputs): readonly Candidate[] {
  const { entry, facts, policy } = inputs;
  const { order, row } = entry;
  if (!order || entry.missing < 1) return [];
  // The other store picks all of it: an order is handed over as one piece.
  const missing = order.lines.filter(({ sku }) => sku === row.sku).reduce((sum, { qty }) => sum + qty, 0);
  return facts.positions
    .filter(
      ({ store, sku }) => sku === row.sku && store !== row.store && !entry.refusedDonors.includes(store),
    )
    .flatMap((position): Candidate[] => {
      const promised = facts.promised.get(placeKey(position.store, position.sku)) ?? 0;
      if (supportedUnits(position.pmf, policy.planner.alpha) - promised < missing) return [];
      const sure = position.pmf.slice(missing + promised).reduce((sum, p) => sum + p, 0);
      const margin = marginMinor(position);
      const demand = position.rate * policy.detection.coverDays;
      const loss = position.pmf.reduce(
        (sum, p, n) =>
          sum +
          p *
            (expectedSales(demand, Math.max(0, n - promised)) -
              expectedSales(demand, Math.max(0, n - promised - missing))),
        0,
      );
      const name = storeName(facts, position.store);
      const terms = [
        { name: 'order kept', minor: Math.round(sure * (margin * missing + facts.orderServiceMinor)) },
        { name: 'picking again', minor: -labourMinor(policy, PICK_MINUTES) },
        { name: `sales ${name} may lose`, minor: -Math.round(loss * margin) },
      ];
      return [
        {
          option: 'reassign',
          ...named('option-reassign', { store: name, percent: wholePercent(sure), qty: missing }),
          expectedMinor: sumOf(terms),
          spreadMinor: Math.round(
            (margin * missing + facts.orderServiceMinor) * Math.sqrt(sure * (1 - sure)),
          ),
          successProbability: Math.min(1, sure),
          terms,
          steps: [`the order is taken back from ${storeName(facts, row.store)}`, `${name} picks it`],
          undo: `Take the order back from ${name} until it is picked.`,
          action: { kind: 'reassign-order', order: order.id, to: position.store, qty: missing },
        },
      ];
    });
}

/** Tell the customer early that it takes longer. */
export function delayOption({ entry, position, facts }: ScoreInputs): Candidate | undefined {
  if (!entry.order || entry.missing < 1) return undefined;
  const margin = position ? marginMinor(position) * entry.missing : 0;
  const terms = [
    { name: 'order kept, later', minor: Math.round(DELAY_KEEPS * margin) },
    { name: 'service lost', minor: -Math.round((1 - DELAY_KEEPS) * facts.orderServiceMinor * 0.5) },
  ];
  return {
    option: 'delay',
    ...named('option-delay', {}),
    expectedMinor: sumOf(terms),
    spreadMinor: Math.round((margin + facts.orderServiceMinor) / 2),
    successProbability: DELAY_KEEPS,
    terms,
    steps: ['customer service tells the customer'],
    action: { kind: 'message', port: 'service', what: `delay ${entry.order.id}` },
  };
}
