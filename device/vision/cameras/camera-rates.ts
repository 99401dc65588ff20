/**
 * How often one camera is right, learned from what people say to its frames: Beta counts that start at what the detector
 * reaches on shelves it has not seen. A camera that sits badly is soon found out, and its evidence then waits for people.
 */
import { type Static, Type } from 'typebox';

const count = Type.Number({ minimum: 0, maximum: 1e9 });
const Beta = Type.Object({ right: count, wrong: count });
type Beta = Static<typeof Beta>;

export const CameraRates = Type.Object({
  /** Places reported empty that were empty. */
  gaps: Beta,
  /** Places reported filled that were filled. */
  facings: Beta,
});
export type CameraRates = Static<typeof CameraRates>;

/** Worth ten looks of a person: enough that one slip does not silence a camera, little enough to be overruled. */
export const startingRates: CameraRates = {
  gaps: { right: 8, wrong: 2 },
  facings: { right: 9.5, wrong: 0.5 },
};

/** Older judgements fade, so that a camera that was cleaned or moved is trusted anew. */
const MEMORY = 400;
/** Below this a camera's word is no evidence until somebody accepts the frame. */
export const TRUSTED = 0.7;

export const shareRight = ({ right, wrong }: Beta): number => right / (right + wrong);
export const isTrusted = (rates: CameraRates): boolean =>
  shareRight(rates.gaps) >= TRUSTED && shareRight(rates.facings) >= TRUSTED;

/** What a person found at one product's places. */
export interface Judged {
  /** Places reported filled and reported empty. */
  readonly facings: number;
  readonly gaps: number;
  /** Places that are filled in truth. */
  readonly truth: number;
}

export function learnRates(rates: CameraRates, judged: readonly Judged[]): CameraRates {
  let { gaps, facings } = rates;
  for (const { facings: seen, gaps: empty, truth } of judged) {
    const filled = Math.min(seen, truth);
    const falselyEmpty = Math.min(empty, Math.max(0, truth - seen));
    facings = added(facings, filled, seen - filled);
    gaps = added(gaps, empty - falselyEmpty, falselyEmpty);
  }
  return { gaps, facings };
}

function added({ right, wrong }: Beta, moreRight: number, moreWrong: number): Beta {
  const total = right + wrong + moreRight + moreWrong;
  const keep = total > MEMORY ? MEMORY / total : 1;
  return { right: (right + moreRight) * keep, wrong: (wrong + moreWrong) * keep };
}
