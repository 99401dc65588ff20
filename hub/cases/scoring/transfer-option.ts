/** Units from another store: the planner's own move, and the best that each other donor could do instead. */
import {
  type Evidence,
  evidence,
  type PlannedUnits,
  type PlanMove,
  moneyText,
  moneyOf,
} from '@truecount/protocol';
import { evaluatePlan } from '../../planner/index.ts';
import { supportedUnits } from '../escrow.ts';
import { unitsText } from '../figures.ts';
import { placeKey } from '../planning/round-facts.ts';
import { type Candidate, named, sumOf, wholePercent } from './candidate.ts';
import { type ScoredMove, type ScoreInputs, storeName } from './score-inputs.ts';
import { expectedSales, meanAndSpread, outcomesAtReceiver } from './stock-values.ts';

/** Other donors shown beside the plan's. */
const MAX_ALTERNATIVES = 4;
/** A trading day, as rates are given. */
const HOURS_PER_DAY = 14;

export function transferOptions(inputs: ScoreInputs): readonly ScoredMove[] {
  const { entry, plan, problem } = inputs;
  const planned = plan.moves.filter(({ to, sku }) => to === entry.row.store && sku === entry.row.sku);
  const donors = new Set(planned.map(({ from }) => from));
  const others = problem.lanes
    .filter(
      ({ from, to }) => to === entry.row.store && !donors.has(from) && !entry.refusedDonors.includes(from),
    )
    .flatMap(({ from }) => bestMoveFrom(inputs, from) ?? [])
    .map((move) => scoredMove(inputs, move, false))
    .sort((a, b) => b.candidate.expectedMinor - a.candidate.expectedMinor)
    .slice(0, MAX_ALTERNATIVES);
  return [...planned.map((move) => scoredMove(inputs, move, true)), ...others];
}

/** The number of units from one donor that is worth most, if any number is worth something. */
function bestMoveFrom({ problem, policy, entry }: ScoreInputs, from: string): PlannedUnits | undefined {
  const sku = entry.row.sku;
  const donor = problem.positions.find((position) => position.store === from && position.sku === sku);
  const blocked =
    policy.planner.blockedSkus.includes(sku ?? '') ||
    policy.planner.blockedPairs.some((pair) => pair.from === from && pair.to === entry.row.store);
  if (!donor || sku === null || blocked) return undefined;
  const capacity = problem.lanes.find((lane) => lane.from === from && lane.to === entry.row.store)?.capacity;
  const sure = supportedUnits(donor.pmf ?? [], policy.planner.alpha) - donor.reserved - (donor.minimum ?? 0);
  const most = Math.min(sure, policy.planner.maxUnits, capacity ?? Number.POSITIVE_INFINITY);
  let best: { readonly move: PlannedUnits; readonly net: number } | undefined;
  for (let qty = 1; qty <= most; qty += 1) {
    const move = { from, to: entry.row.store, sku, qty };
    const net = evaluatePlan(problem, [move]).objective;
    if (net > (best?.net ?? 0)) best = { move, net };
  }
  return best?.move;
}

function scoredMove(inputs: ScoreInputs, move: PlannedUnits | PlanMove, isPlanned: boolean): ScoredMove {
  const { entry, facts, problem } = inputs;
  const { currency } = entry.row;
  // A planned move carries its share of a lane that other goods use too; one looked at alone pays it whole.
  const worth = 'value' in move ? move : evaluatePlan(problem, [move]).moves[0];
  const value = moneyOf(worth?.value ?? 0, currency).minor;
  const cost = moneyOf(worth?.cost ?? 0, currency).minor;
  const donorLoss = moneyOf(worth?.donorLoss ?? 0, currency).minor;
  const confidence = worth?.confidence ?? 0;
  const outcomes = outcomesAtReceiver(problem, move);
  const lane = problem.lanes.find(({ from, to }) => from === move.from && to === move.to);
  const donorName = storeName(facts, move.from);
  const candidate: Candidate = {
    option: 'transfer',
    ...named('option-transfer', { qty: move.qty, store: donorName, percent: wholePercent(confidence) }),
    expectedMinor: value - cost - donorLoss,
    spreadMinor: moneyOf(meanAndSpread(outcomes).spread, currency).minor,
    successProbability: confidence,
    terms: [
      { name: `sales and orders kept at ${storeName(facts, move.to)}`, minor: value },
      { name: 'moving', minor: -cost },
      { name: `sales ${donorName} may lose`, minor: -donorLoss },
    ],
    steps: [
      `${donorName}'s manager approves`,
      `${donorName} picks and ships ${unitsText(move.qty)}`,
      `${storeName(facts, move.to)} receives them`,
    ],
    undo: `Until it is shipped: withdraw the transfer. After that: send the units back.`,
    action: {
      kind: 'move-units',
      move: { from: move.from, to: move.to, sku: move.sku, qty: move.qty },
      valueMinor: value,
      costMinor: cost,
      donorLossMinor: donorLoss,
      donorConfidence: confidence,
      receiverRisk: receiverRisk(inputs),
      laneHours: lane?.hours ?? 0,
    },
  };
  return { candidate, outcomes, isPlanned };
}

/**
 * The same move, with the promotion paused until the goods arrive: what is left sells at its full price and lasts
 * longer, and what the promotion would have sold meanwhile is given up.
 */
export function pausedPromotion(inputs: ScoreInputs, move: ScoredMove): Candidate | undefined {
  const { entry, facts, position } = inputs;
  const { candidate, isPlanned } = move;
  const { action } = candidate;
  const promotion = facts.promotions.find(
    ({ store, sku }) => store === entry.row.store && sku === entry.row.sku,
  );
  if (!promotion || !position || !isPlanned || action.kind !== 'move-units') return undefined;
  const regular = position.price.minor;
  const demand = (position.rate * action.laneHours) / HOURS_PER_DAY;
  const sells = (rate: number): number =>
    position.pmf.reduce((sum, p, n) => sum + p * expectedSales(rate, n), 0);
  const gain = Math.round(sells(demand / promotion.uplift) * (regular - position.cost.minor));
  const given = Math.round(sells(demand) * Math.max(0, promotion.minor - position.cost.minor));
  const terms = [
    ...candidate.terms,
    { name: 'sold at the full price meanwhile', minor: gain },
    { name: 'promotion sales given up', minor: -given },
  ];
  return {
    ...candidate,
    ...named('option-transfer-pausing', {
      qty: action.move.qty,
      store: storeName(facts, action.move.from),
      percent: wholePercent(candidate.successProbability),
    }),
    expectedMinor: sumOf(terms),
    terms,
    steps: [`the shop shows the price of ${regular}`, ...candidate.steps, 'the promotion goes on'],
    undo: `The promotion's price is shown again. ${candidate.undo ?? ''}`.trim(),
    action: {
      ...action,
      meanwhile: { port: 'commerce', what: `price ${regular}`, undoWhat: `price ${promotion.minor}` },
    },
  };
}

/** How sure it is that the receiver is out of it without the move. */
function receiverRisk({ entry, position }: ScoreInputs): number {
  if (entry.row.kind === 'stockout-ahead' || entry.missing > 0) return entry.row.confidence;
  return position?.p0 ?? entry.row.confidence;
}

/** Why this move, in one paragraph for the person who decides. */
export function becauseOf(
  { entry, facts }: ScoreInputs,
  candidate: Candidate,
  why: readonly Evidence[],
): string {
  const { action } = candidate;
  if (action.kind !== 'move-units') return candidate.text;
  const { currency } = entry.row;
  const donor = storeName(facts, action.move.from);
  return [
    ...why.map(({ text }) => sentence(text)),
    `Earns ${moneyText({ minor: action.valueMinor, currency })}, moving costs ${moneyText({ minor: action.costMinor, currency })}, ${donor} may lose ${moneyText({ minor: action.donorLossMinor, currency })}.`,
  ].join(' ');
}

export const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;

/** What stands behind a move, as facts that screens say in the reader's language. */
export function whyOf({ entry, facts, position }: ScoreInputs, candidate: Candidate, at: string): Evidence[] {
  const { action } = candidate;
  if (action.kind !== 'move-units') return [];
  const { move } = action;
  const donor = facts.positions.find(({ store, sku }) => store === move.from && sku === move.sku);
  const receiver = storeName(facts, move.to);
  const store = storeName(facts, move.from);
  const [found] = entry.findings[0]?.evidence ?? [];
  const promised = facts.promised.get(placeKey(move.from, move.sku)) ?? 0;
  return [
    ...(entry.missing > 0
      ? [evidence('order-misses', { store: receiver, qty: entry.missing }, at)]
      : [
          ...(found === undefined ? [] : [found]),
          evidence('store-sells', { store: receiver, perDay: tenth(position?.rate ?? 0) }, at),
        ]),
    ...(donor === undefined
      ? []
      : [
          evidence(
            'donor-has',
            { store, mean: Math.round(donor.mean), promised, perDay: tenth(donor.rate) },
            at,
          ),
        ]),
    evidence('donor-sure', { store, percent: Math.round(100 * action.donorConfidence), qty: move.qty }, at),
  ];
}

const tenth = (value: number): number => Math.round(value * 10) / 10;

/** What is expected without the move; undefined where no units move. */
export function ifNotOf(
  { entry, facts }: ScoreInputs,
  { action }: Candidate,
  at: string,
): Evidence | undefined {
  if (action.kind !== 'move-units') return undefined;
  const code = entry.missing > 0 ? 'order-at-stake' : 'sales-at-stake';
  const store = storeName(facts, action.move.to);
  return evidence(code, { store, minor: action.valueMinor, currency: entry.row.currency }, at);
}
