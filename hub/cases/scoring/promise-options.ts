/** Answers that keep an order with other goods or other hands: several stores give a part, or one product for another. */
import type { PositionDocument } from '@truecount/protocol';
import { supportedUnits } from '../escrow.ts';
import { unitsText } from '../figures.ts';
import { marginMinor } from '../planning/problem-from-facts.ts';
import { placeKey } from '../planning/round-facts.ts';
import { type Candidate, named, sumOf, wholePercent } from './candidate.ts';
import { labourMinor, type ScoreInputs, storeName } from './score-inputs.ts';
import { expectedSales } from './stock-values.ts';

const PICK_MINUTES = 5;
/** Two parcels for one order please less than one: this share of what keeping the promise is worth, per extra parcel. */
const PARCEL_COSTS = 0.15;

interface Part {
  readonly position: PositionDocument;
  readonly qty: number;
  readonly promised: number;
}

const promisedAt = ({ facts }: ScoreInputs, { store, sku }: PositionDocument): number =>
  facts.promised.get(placeKey(store, sku)) ?? 0;

const freeAt = (inputs: ScoreInputs, position: PositionDocument): number =>
  Math.max(0, supportedUnits(position.pmf, inputs.policy.planner.alpha) - promisedAt(inputs, position));

const sureOf = ({ position, qty, promised }: Part): number =>
  Math.min(
    1,
    position.pmf.slice(qty + promised).reduce((sum, p) => sum + p, 0),
  );

/** Sales the store may lose by giving these units. */
function lossOf({ policy }: ScoreInputs, { position, qty, promised }: Part): number {
  const demand = position.rate * policy.detection.coverDays;
  const units = position.pmf.reduce((sum, p, n) => {
    const free = Math.max(0, n - promised);
    return sum + p * (expectedSales(demand, free) - expectedSales(demand, Math.max(0, free - qty)));
  }, 0);
  return Math.round(units * marginMinor(position));
}

/** The first store gives what it has, the surest others the rest; only where no single store gives all of it. */
export function splitOption(inputs: ScoreInputs): Candidate | undefined {
  const { entry, facts, policy, position: home } = inputs;
  const { order, row } = entry;
  if (!order || entry.missing < 1 || row.sku === null) return undefined;
  const wanted = order.lines.filter(({ sku }) => sku === row.sku).reduce((sum, { qty }) => sum + qty, 0);
  // Where somebody has looked, what was found is all there is; elsewhere the belief says how many can surely stay.
  const isInHand = entry.findings.some(({ evidence }) => evidence.some(({ code }) => code === 'pick-short'));
  const kept = isInHand ? wanted - entry.missing : home ? Math.min(wanted, freeAt(inputs, home)) : 0;
  const parts = partsFor(inputs, wanted - kept);
  if (parts === undefined || parts.length + (kept > 0 ? 1 : 0) < 2) return undefined;
  const margin = home ? marginMinor(home) : marginMinor((parts[0] as Part).position);
  const homeSure =
    isInHand || kept === 0 || !home
      ? 1
      : sureOf({ position: home, qty: kept, promised: promisedAt(inputs, home) });
  const sure = parts.reduce((all, part) => all * sureOf(part), homeSure);
  const parcels = parts.length - (kept > 0 ? 0 : 1);
  const worth = margin * wanted + facts.orderServiceMinor;
  const terms = [
    { name: 'order kept', minor: Math.round(sure * worth) },
    { name: 'picking again', minor: -labourMinor(policy, PICK_MINUTES * parts.length) },
    { name: 'more than one parcel', minor: -Math.round(parcels * PARCEL_COSTS * facts.orderServiceMinor) },
    ...parts.map((part) => ({
      name: `sales ${storeName(facts, part.position.store)} may lose`,
      minor: -lossOf(inputs, part),
    })),
  ];
  const shares = [
    ...(kept > 0 ? [{ store: row.store, qty: kept }] : []),
    ...parts.map(({ position: { store }, qty }) => ({ store, qty })),
  ].map(({ store, qty }) => `${storeName(facts, store)} ${qty}`);
  return {
    option: 'split',
    ...named('option-split', { parts: shares.join(', ').slice(0, 200), percent: wholePercent(sure) }),
    expectedMinor: sumOf(terms),
    spreadMinor: Math.round(worth * Math.sqrt(sure * (1 - sure))),
    successProbability: sure,
    terms,
    steps: parts.map(({ position, qty }) => `${storeName(facts, position.store)} picks ${unitsText(qty)}`),
    undo: 'Take the parts back until one of them is picked.',
    action: {
      kind: 'split-order',
      order: order.id,
      sku: row.sku,
      kept,
      isInHand,
      parts: parts.map(({ position, qty }) => ({ store: position.store, qty })),
    },
  };
}

/** Fewest stores first: who has most gives most. Undefined when all of them together are not sure of enough. */
function partsFor(inputs: ScoreInputs, units: number): readonly Part[] | undefined {
  const { entry, facts } = inputs;
  const others = facts.positions
    .filter(
      ({ store, sku }) =>
        sku === entry.row.sku && store !== entry.row.store && !entry.refusedDonors.includes(store),
    )
    .map((position) => ({ position, free: freeAt(inputs, position) }))
    .filter(({ free }) => free > 0)
    .sort((a, b) => b.free - a.free || (a.position.store < b.position.store ? -1 : 1));
  const parts: Part[] = [];
  let left = units;
  for (const { position, free } of others) {
    if (left === 0) break;
    const qty = Math.min(left, free);
    parts.push({ position, qty, promised: promisedAt(inputs, position) });
    left -= qty;
  }
  return left === 0 ? parts : undefined;
}

/** Another product of the same group, as far as the policy knows that customers take it. */
export function substituteOptions(inputs: ScoreInputs): readonly Candidate[] {
  const { entry, facts, policy } = inputs;
  const { order, row } = entry;
  if (!order || entry.missing < 1 || row.sku === null) return [];
  return (policy.substitutes ?? [])
    .filter(({ skus }) => skus.includes(row.sku ?? ''))
    .flatMap(({ skus, acceptance }) =>
      facts.positions
        .filter(({ store, sku }) => store === row.store && sku !== row.sku && skus.includes(sku))
        .flatMap((position): Candidate[] => {
          const part = { position, qty: entry.missing, promised: promisedAt(inputs, position) };
          if (freeAt(inputs, position) < entry.missing) return [];
          const sure = sureOf(part) * acceptance;
          const worth = marginMinor(position) * entry.missing + facts.orderServiceMinor;
          const terms = [
            { name: 'order kept with another product', minor: Math.round(sure * worth) },
            { name: 'picking again', minor: -labourMinor(policy, PICK_MINUTES) },
            { name: `sales of ${position.name} lost`, minor: -lossOf(inputs, part) },
          ];
          return [
            {
              option: 'substitute',
              ...named('option-substitute', {
                qty: entry.missing,
                name: position.name,
                percent: wholePercent(acceptance),
              }),
              expectedMinor: sumOf(terms),
              spreadMinor: Math.round(worth * Math.sqrt(sure * (1 - sure))),
              successProbability: sure,
              terms,
              steps: ['customer service asks the customer', `${storeName(facts, row.store)} picks it`],
              undo: 'Put the first product back on the order until the other is picked.',
              action: {
                kind: 'substitute',
                order: order.id,
                sku: row.sku ?? '',
                qty: entry.missing,
                with: position.sku,
                name: position.name,
              },
            },
          ];
        }),
    );
}

/** Products that may stand in for this one. */
export const substitutesOf = (
  policy: Pick<ScoreInputs['policy'], 'substitutes'>,
  sku: string,
): readonly string[] =>
  (policy.substitutes ?? []).filter(({ skus }) => skus.includes(sku)).flatMap(({ skus }) => skus);
