/** What a detector says about one subject at one moment. Detectors are pure: facts and policy in, findings out. */
import type { Evidence, ExceptionKind, PolicyBundle } from '@truecount/protocol';
import type { CauseEstimate } from './likely-causes.ts';

/** What an exception is about; one is open at a time per kind and subject. */
export interface Subject {
  readonly sku?: string;
  readonly name?: string;
  readonly order?: string;
  readonly transfer?: string;
  readonly feed?: string;
}

export const subjectKey = (kind: ExceptionKind, { sku, order, transfer, feed }: Subject): string =>
  [kind, sku ?? '', order ?? '', transfer ?? '', feed ?? ''].join('|');

/**
 * `raise`: beyond the opening threshold. `clear`: beyond the closing one. `hold`: between the two, where an open
 * exception stays open and none is opened; the width of that band is what keeps noise from flapping.
 */
export type Level = 'raise' | 'hold' | 'clear';

export interface Finding {
  readonly kind: ExceptionKind;
  readonly subject: Subject;
  readonly level: Level;
  /** How sure we are that the deviation is real. */
  readonly confidence: number;
  readonly exposureMinor: number;
  /** Best reasons first. Asked only when an exception opens, changes or closes. */
  readonly evidence: () => readonly Evidence[];
  /** Where a wrong record is the deviation; asked when it opens or changes. */
  readonly causes?: () => CauseEstimate | undefined;
  /** The fact that ended it; asked only when it closes. */
  readonly outcome?: () => Evidence;
}

export type DetectionPolicy = PolicyBundle['detection'];

/** Raised above `open`, cleared below `close`, held between. */
export const levelAbove = (value: number, open: number, close: number): Level =>
  value >= open ? 'raise' : value <= close ? 'clear' : 'hold';

/** Raised below `open`, cleared above `close`, held between. */
export const levelBelow = (value: number, open: number, close: number): Level =>
  value <= open ? 'raise' : value >= close ? 'clear' : 'hold';
