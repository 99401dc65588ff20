/** The planner's problem, built from what the stores believe, what is promised and what is needed. Pure. */
import {
  type PlanningNeed,
  type PlanningPosition,
  type PlanningProblem,
  type PositionDocument,
  majorOf,
} from '@truecount/protocol';
import { placeKey, type RoundFacts } from './round-facts.ts';

const HOUR_MS = 3_600_000;
/** Keeps every unit of a donor that refused: more than any store holds. */
const ALL_UNITS = 1_000_000;

export function problemFrom(facts: RoundFacts): PlanningProblem {
  const { network } = facts;
  const currency = network.stores[0]?.currency ?? 'EUR';
  const policies = [...facts.policies.values()].map(({ bundle }) => bundle.planner);
  return {
    stores: network.stores.map(({ id }) => ({ id })),
    lanes: network.lanes.map(({ fixedMinor, perUnitMinor, ...lane }) => ({
      ...lane,
      fixed: majorOf({ minor: fixedMinor, currency }),
      perUnit: majorOf({ minor: perUnitMinor, currency }),
    })),
    positions: facts.positions.map((position) => planningPosition(position, facts)),
    needs: facts.cases.flatMap((entry) => needOf(entry, facts)),
    policy: {
      alpha: strictestAlpha(facts),
      maxUnits: Math.min(...policies.map(({ maxUnits }) => maxUnits)),
      blockedPairs: policies.flatMap(({ blockedPairs }) => blockedPairs),
      blockedSkus: [...new Set(policies.flatMap(({ blockedSkus }) => blockedSkus))],
    },
  };
}

/** The problem has one alpha for all stores: the smallest, so that no store's own limit is broken. */
export const strictestAlpha = (facts: RoundFacts): number =>
  Math.min(...[...facts.policies.values()].map(({ bundle }) => bundle.planner.alpha));

export function marginMinor(position: PositionDocument): number {
  return Math.max(0, position.price.minor - position.cost.minor);
}

function planningPosition(position: PositionDocument, facts: RoundFacts): PlanningPosition {
  const key = placeKey(position.store, position.sku);
  const refuses = facts.cases.some(
    ({ row, refusedDonors }) => row.sku === position.sku && refusedDonors.includes(position.store),
  );
  const inbound = facts.inbound.get(key) ?? 0;
  return {
    store: position.store,
    sku: position.sku,
    pmf: withInbound(position.pmf, inbound),
    rate: position.rate,
    coverDays: facts.policies.get(position.store)?.bundle.detection.coverDays ?? 2,
    reserved: facts.promised.get(key) ?? 0,
    margin: majorOf({ minor: marginMinor(position), currency: position.price.currency }),
    // Whoever stands before a shelf that was emptied for somebody else's order has lost as much as they would have.
    lossValue: majorOf({
      minor: marginMinor(position) + facts.orderServiceMinor,
      currency: position.price.currency,
    }),
    // What is still on its way in cannot leave again.
    minimum: refuses ? ALL_UNITS : inbound,
  };
}

/** Units on their way count as arrived: they will be there before a second transfer could be. */
export function withInbound(pmf: readonly number[], inbound: number): number[] {
  const sum = pmf.reduce((all, p) => all + p, 0);
  const normal = sum > 0 ? pmf.map((p) => p / sum) : [1];
  return [...Array.from({ length: inbound }, () => 0), ...normal];
}

function needOf({ row, order, missing }: RoundFacts['cases'][number], facts: RoundFacts): PlanningNeed[] {
  if (!order || row.sku === null || missing < 1) return [];
  const position = facts.positions.find(({ store, sku }) => store === row.store && sku === row.sku);
  const margin = position ? marginMinor(position) : 0;
  return [
    {
      store: row.store,
      sku: row.sku,
      qty: missing,
      value: majorOf({ minor: margin + facts.orderServiceMinor / missing, currency: row.currency }),
      dueHours: Math.max(0, (Date.parse(order.promisedAt) - facts.nowMs) / HOUR_MS),
      order: order.id,
    },
  ];
}
