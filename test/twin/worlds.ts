/**
 * Named worlds. None of them is the filter's model: demand noise is gamma per day on top of drift, seasons,
 * promotions and level shifts; thefts take part of a shelf; misplaced units come back; cameras err in
 * streaks; deliveries follow the (wrong) record.
 */
export interface Assortment {
  readonly name: string;
  readonly share: number;
  /** Purchases per trading day: median and spread in log units. */
  readonly rate: number;
  readonly rateSpread: number;
  /** Chance that a customer takes one more unit. */
  readonly another: number;
  readonly price: number;
  /** Units that spoil per unit and day. */
  readonly spoils: number;
}

export interface WorldSpec {
  readonly name: string;
  readonly assortments: readonly Assortment[];
  /** Relative demand of each open hour; the first is `opensAt` (UTC). */
  readonly hours: readonly number[];
  readonly opensAt: number;
  /** Monday first. */
  readonly weekdays: readonly number[];
  readonly dayNoiseShape: number;
  readonly theftPerUnitSold: number;
  readonly theftFloor: number;
  readonly burst: number;
  readonly misplaced: number;
  readonly misplacedReturns: number;
  readonly receiptMissing: number;
  readonly receiptShort: number;
  readonly receiptOver: number;
  readonly misScan: number;
  readonly swappedPairs: number;
  readonly levelShift: number;
  readonly promotionsPerWeek: number;
  readonly cameraShare: number;
  readonly cameraBlind: number;
  readonly cameraGhost: number;
  readonly cycleCounts: number;
  readonly countError: number;
  readonly picksPerDay: number;
  readonly outage: number;
  readonly holiday: number;
  /** Days of demand that a delivery is planned for. */
  readonly coverDays: number;
}

const grocery: WorldSpec = {
  name: 'grocery',
  assortments: [
    { name: 'dairy', share: 0.2, rate: 2.5, rateSpread: 0.9, another: 0.3, price: 2.2, spoils: 0.004 },
    { name: 'dry goods', share: 0.4, rate: 0.8, rateSpread: 1.1, another: 0.25, price: 3, spoils: 0 },
    { name: 'drinks', share: 0.2, rate: 1.5, rateSpread: 1, another: 0.5, price: 1.8, spoils: 0 },
    { name: 'household', share: 0.2, rate: 0.3, rateSpread: 1, another: 0.1, price: 6, spoils: 0 },
  ],
  hours: [3, 5, 7, 8, 9, 8, 6, 6, 8, 11, 12, 8, 4],
  opensAt: 8,
  weekdays: [0.9, 0.85, 0.9, 1, 1.3, 1.4, 0.65],
  dayNoiseShape: 5,
  theftPerUnitSold: 0.012,
  theftFloor: 0.0015,
  burst: 0.0012,
  misplaced: 0.001,
  misplacedReturns: 0.04,
  receiptMissing: 0.008,
  receiptShort: 0.035,
  receiptOver: 0.01,
  misScan: 0.003,
  swappedPairs: 0.03,
  levelShift: 0.004,
  promotionsPerWeek: 12,
  cameraShare: 0.3,
  cameraBlind: 0.02,
  cameraGhost: 0.015,
  cycleCounts: 0.003,
  countError: 0.04,
  picksPerDay: 12,
  outage: 0.01,
  holiday: 0.015,
  coverDays: 6,
};

const fashion: WorldSpec = {
  ...grocery,
  name: 'fashion',
  assortments: [
    { name: 'tops', share: 0.4, rate: 0.25, rateSpread: 0.9, another: 0.05, price: 25, spoils: 0 },
    { name: 'trousers', share: 0.3, rate: 0.15, rateSpread: 0.8, another: 0.02, price: 50, spoils: 0 },
    { name: 'accessories', share: 0.3, rate: 0.35, rateSpread: 1, another: 0.1, price: 15, spoils: 0 },
  ],
  hours: [2, 4, 6, 7, 7, 7, 8, 9, 7, 4],
  opensAt: 9,
  weekdays: [0.7, 0.7, 0.8, 0.9, 1.2, 1.9, 0.8],
  dayNoiseShape: 3,
  theftPerUnitSold: 0.03,
  theftFloor: 0.003,
  burst: 0.0015,
  misplaced: 0.0025,
  misplacedReturns: 0.08,
  misScan: 0.008,
  swappedPairs: 0.08,
  levelShift: 0.008,
  promotionsPerWeek: 20,
  coverDays: 14,
  picksPerDay: 15,
};

const hardware: WorldSpec = {
  ...grocery,
  name: 'hardware',
  assortments: [
    { name: 'fasteners', share: 0.4, rate: 0.3, rateSpread: 1.2, another: 0.7, price: 0.8, spoils: 0 },
    { name: 'tools', share: 0.3, rate: 0.12, rateSpread: 1, another: 0.03, price: 35, spoils: 0 },
    { name: 'paint', share: 0.3, rate: 0.25, rateSpread: 0.9, another: 0.45, price: 22, spoils: 0 },
  ],
  hours: [6, 9, 9, 8, 6, 6, 7, 8, 8, 6, 3],
  opensAt: 7,
  weekdays: [1, 0.9, 0.9, 0.95, 1.15, 1.6, 0],
  dayNoiseShape: 2.5,
  theftPerUnitSold: 0.02,
  burst: 0.0008,
  misScan: 0.01,
  promotionsPerWeek: 5,
  coverDays: 18,
  picksPerDay: 8,
};

export const worlds: Readonly<Record<string, WorldSpec>> = { grocery, fashion, hardware };
