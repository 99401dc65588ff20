/**
 * What the filter believes about the store's errors. Versioned, so that a learned set can be tried, kept or
 * taken back; every rate is per trading day unless its description says otherwise. The schema is parameter-schema.ts:
 * its library takes several times as long to load as the whole belief.
 */
interface ParameterRange {
  readonly minimum: number;
  readonly maximum: number;
  readonly default: number;
  readonly description: string;
}

const share = (description: string, value: number): ParameterRange => ({
  minimum: 1e-7,
  maximum: 0.999,
  default: value,
  description,
});
const perDay = (description: string, value: number): ParameterRange => ({
  minimum: 0,
  maximum: 2,
  default: value,
  description: `${description}, per trading day`,
});

/** Every number with its bounds and the chain's default. */
export const parameterRanges = {
  shrinkShare: perDay('single units lost, per unit of believed demand', 0.02),
  shrinkFloor: perDay('single units lost whatever the demand', 0.006),
  burst: perDay('everything on hand lost at once: theft, a pallet misplaced', 0.0025),
  partLoss: perDay('a large part of what is on hand lost at once', 0.0012),
  found: perDay('units reappear where none were believed', 0.003),
  shelfVoid: perDay('units in the store leave the shelf empty', 0.003),
  restock: perDay('an empty shelf with units in the backroom is filled again', 1.5),
  hiddenSells: share('share of demand served although the shelf is empty: somebody fetches it', 0.15),
  misScan: share('a sale line belongs to a sibling SKU', 0.005),
  surplus: share('a sale that contradicts the belief proves units nobody recorded', 0.025),
  receiptMissing: share('a receipt on paper that did not arrive at all', 0.01),
  receiptShort: share('a receipt that is one or two units short', 0.02),
  receiptPart: share('a receipt of which only a part came: a carton missing, a pallet split', 0.006),
  receiptOver: share('a receipt that is one unit over', 0.01),
  returnMissing: share('a return that never reached the shelf', 0.05),
  countError: share('a count that is wrong', 0.05),
  countBlind: share('a count of zero although units stand in the backroom', 0.03),
  pickBlind: share('a picker misses units that are there', 0.06),
  seenWrong: share('somebody "saw" a SKU that is not there', 0.02),
  cameraBlind: share('a camera sees an empty shelf although units stand on it', 0.025),
  cameraGhost: share('a camera sees facings where nothing stands', 0.02),
  openingExact: share('an opening record that is exactly right', 0.68),
  openingEmpty: share('an opening record above zero with nothing on hand', 0.018),
  dispersion: {
    minimum: 0.2,
    maximum: 1000,
    default: 4.5,
    description: 'negative binomial size of purchase occasions in a day; large is Poisson',
  },
  rateDrift: {
    minimum: 0,
    maximum: 0.5,
    default: 0.045,
    description: 'standard deviation of the change of log demand in a trading day',
  },
  rateShift: perDay('demand moves to a new level at once', 0.005),
  rateMedian: {
    minimum: 0.005,
    maximum: 100,
    default: 0.5,
    description: 'purchases per day of a new SKU',
  },
  rateSpread: {
    minimum: 0.2,
    maximum: 4,
    default: 1.5,
    description: 'its spread, in log units',
  },
  deliveryCover: {
    minimum: 0.1,
    maximum: 30,
    default: 1.15,
    description: 'a delivery of unknown quantity, in days of believed demand',
  },
  deliverySize: {
    minimum: 0.2,
    maximum: 100,
    default: 2,
    description: 'how sure that is: negative binomial size, large is exact',
  },
} as const satisfies Readonly<Record<string, ParameterRange>>;

export const DEFAULT_VERSION = 'default-1';

export type BeliefParameters = { readonly version: string } & {
  readonly [N in keyof typeof parameterRanges]: number;
};

/** The chain's defaults. `as`: a number for every name of the table. */
export const defaultParameters: BeliefParameters = Object.freeze({
  version: DEFAULT_VERSION,
  ...Object.fromEntries(Object.entries(parameterRanges).map(([name, range]) => [name, range.default])),
} as BeliefParameters);
