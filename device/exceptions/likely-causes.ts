/** What probably made a record wrong, as an exception carries it. */
import type { Exception, RankedCause, StockCause } from '@truecount/protocol';

/** Most likely first, and the signs they were ranked by. */
export interface CauseEstimate {
  readonly ranked: readonly { readonly cause: StockCause; readonly probability: number }[];
  readonly signs: Readonly<Record<string, number>>;
}

/** In English, for the hub and for logs; screens say it in the reader's language from the code. */
const TEXT: Readonly<Record<StockCause, string>> = {
  theft: 'taken without being paid for',
  misplaced: 'put in the wrong place',
  'short-delivery': 'delivered short',
  'unbooked-delivery': 'delivered or returned without being booked',
  'mis-scan': 'scanned as another product at the till',
  'shelf-not-filled': 'in the backroom, not on the shelf',
  'feed-silent': 'sales that were not heard',
  'unbooked-waste': 'thrown away without being booked',
};
/** Less likely ones are noise to whoever reads them. */
const LEAST = 0.1;
const MOST = 3;

export function likelyCauses({ ranked, signs }: CauseEstimate): Pick<Exception, 'cause' | 'signs'> {
  const cause: RankedCause[] = ranked
    .filter(({ probability }) => probability >= LEAST)
    .slice(0, MOST)
    .map(({ cause: code, probability }) => ({ code, probability: rounded(probability), text: TEXT[code] }));
  return {
    cause,
    signs: Object.fromEntries(Object.entries(signs).map(([name, value]) => [name, rounded(value)])),
  };
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
