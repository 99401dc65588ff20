/**
 * What the demo adds to the recording: three stores, their deliveries, and the losses nobody told the record
 * about. All in the recording's own time, UTC.
 */
export interface DemoStore {
  readonly id: string;
  readonly name: string;
  /** Deliveries come on every third recorded day, counted from this one. */
  readonly deliveryPhase: number;
  /** Demo PIN of the store's manager. */
  readonly pin: string;
}

export const demoStores: readonly DemoStore[] = [
  { id: 'harbour', name: 'Harbour', deliveryPhase: 0, pin: '4711' },
  { id: 'market', name: 'Market Square', deliveryPhase: 1, pin: '4712' },
  { id: 'station', name: 'Station', deliveryPhase: 2, pin: '4713' },
];

/** Recorded days that are imported as history before the tills start. */
export const HISTORY_DAYS = 28;
export const OPENING_HOUR = 7;
export const CLOSING_HOUR = 22;
export const DELIVERY_EVERY_DAYS = 3;
export const DELIVERY_HOUR = 6;
/** A delivery fills the shelf up to this many times the usual sales until the next one. */
export const COVER = 1.7;

/** Stock that vanishes without a trace in the books, or a delivery whose paperwork never arrived. */
export type Mishap =
  | {
      readonly kind: 'loss';
      readonly store: string;
      readonly sku: string;
      readonly day: number;
      readonly hour: number;
    }
  | {
      readonly kind: 'unbooked-delivery';
      readonly store: string;
      readonly sku: string;
      readonly day: number;
    };

export const mishaps: readonly Mishap[] = [
  { kind: 'loss', store: 'harbour', sku: 'eggs-10', day: HISTORY_DAYS - 1, hour: 15 },
  { kind: 'loss', store: 'market', sku: 'cucumber', day: HISTORY_DAYS - 1, hour: 14 },
  { kind: 'loss', store: 'station', sku: 'sourdough-bread', day: HISTORY_DAYS, hour: 11 },
  { kind: 'unbooked-delivery', store: 'market', sku: 'whole-milk-1l', day: HISTORY_DAYS - 3 },
];
