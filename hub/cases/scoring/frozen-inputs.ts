/**
 * The inputs of one case's scores as plain data, so that a decision of last week can be computed again: the same
 * inputs give the same table, byte for byte.
 */
import type { Plan, PlanningProblem, PolicyBundle } from '@truecount/protocol';
import { type Breaker, DEFAULT_LIMITS, type Standing, trippedBecause } from '../../governance/index.ts';
import { type RoundCase, type RoundFacts, placeKey } from '../planning/round-facts.ts';
import { substitutesOf } from './promise-options.ts';
import type { ScoreInputs } from './score-inputs.ts';
import { problemOfSku } from './stock-values.ts';

export interface FrozenInputs {
  readonly nowMs: number;
  readonly entry: RoundCase;
  readonly policy: PolicyBundle;
  readonly positions: RoundFacts['positions'];
  readonly promised: readonly (readonly [string, number])[];
  readonly inbound: readonly (readonly [string, number])[];
  readonly network: RoundFacts['network'];
  readonly staleStores: readonly string[];
  readonly orderServiceMinor: number;
  /** Why automation is off for this case's scope, if it is. */
  readonly breaker?: Breaker | undefined;
  readonly promotions?: RoundFacts['promotions'];
  /** What the options of this kind have shown at this store; absent before outcomes were labelled. */
  readonly automation?: { readonly standings: readonly Standing[]; readonly drift?: string };
  readonly problem: PlanningProblem;
  readonly moves: Plan['moves'];
}

/** Only what is about this case: its SKU's positions, promises and moves. */
export function freezeInputs(
  entry: RoundCase,
  round: {
    readonly facts: RoundFacts;
    readonly problem: PlanningProblem;
    readonly plan: Plan;
    readonly policy: PolicyBundle;
  },
): FrozenInputs {
  const { facts } = round;
  const sku = entry.row.sku ?? '';
  const instead = entry.order ? substitutesOf(round.policy, sku) : [];
  const ours = (sums: ReadonlyMap<string, number>): readonly (readonly [string, number])[] =>
    facts.network.stores.flatMap(({ id }) => {
      const units = sums.get(placeKey(id, sku));
      return units === undefined ? [] : [[placeKey(id, sku), units] as const];
    });
  const frozen: FrozenInputs = {
    nowMs: facts.nowMs,
    entry,
    policy: round.policy,
    positions: facts.positions.filter(
      (position) =>
        position.sku === sku || (position.store === entry.row.store && instead.includes(position.sku)),
    ),
    promised: [
      ...ours(facts.promised),
      ...instead.flatMap((other) => {
        const units = other === sku ? undefined : facts.promised.get(placeKey(entry.row.store, other));
        return units === undefined ? [] : [[placeKey(entry.row.store, other), units] as const];
      }),
    ],
    inbound: ours(facts.inbound),
    network: facts.network,
    staleStores: facts.staleStores,
    orderServiceMinor: facts.orderServiceMinor,
    breaker: breakerFor(entry, facts, round.policy),
    promotions: facts.promotions.filter(({ store }) => store === entry.row.store),
    automation: automationFor(entry, facts),
    problem: problemOfSku(round.problem, sku),
    moves: round.plan.moves.filter((move) => move.sku === sku),
  };
  // Through JSON once, so that what is scored now is exactly what a later replay reads.
  return JSON.parse(JSON.stringify(frozen)) as FrozenInputs;
}

const breakerFor = (entry: RoundCase, facts: RoundFacts, policy: PolicyBundle): Breaker | undefined =>
  trippedBecause({ store: entry.row.store, sku: entry.row.sku }, facts.automation, {
    limits: policy.breakers ?? DEFAULT_LIMITS,
    nowMs: facts.nowMs,
  });

function automationFor(
  { row }: RoundCase,
  facts: RoundFacts,
): { readonly standings: readonly Standing[]; readonly drift?: string } {
  const drift = facts.drifting.get(row.store);
  const standings = facts.standings
    .filter(({ kind, store }) => kind === row.kind && store === row.store)
    .map(
      ({ option, successes, outcomes, lost_because: lost }): Standing => ({
        option,
        successes,
        outcomes,
        ...(lost === null ? {} : { lostBecause: lost }),
      }),
    )
    .sort((a, b) => (a.option < b.option ? -1 : 1));
  return { standings, ...(drift === undefined ? {} : { drift }) };
}

export function inputsFrom(frozen: FrozenInputs): ScoreInputs {
  const { entry, problem, policy } = frozen;
  return {
    entry,
    policy,
    problem,
    position: frozen.positions.find(({ store }) => store === entry.row.store),
    plan: {
      moves: frozen.moves,
      objective: 0,
      bound: 0,
      gap: 0,
      seconds: 0,
      method: 'exact',
      unmet: [],
    },
    facts: {
      nowMs: frozen.nowMs,
      cases: [entry],
      positions: frozen.positions,
      promised: new Map(frozen.promised),
      inbound: new Map(frozen.inbound),
      policies: new Map(frozen.network.stores.map(({ id }) => [id, { bundle: policy, hash: '' }] as const)),
      network: frozen.network,
      staleStores: frozen.staleStores,
      automation: { acts: [], movements: [] },
      promotions: frozen.promotions ?? [],
      standings: [],
      drifting: new Map(),
      orderServiceMinor: frozen.orderServiceMinor,
    },
  };
}
