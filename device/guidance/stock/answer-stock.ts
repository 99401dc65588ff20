/** A stock question to words, from what the reader returns and nothing else. */
import type { ProductView } from '@truecount/protocol';
import type { Read, StockQuestion, StockReader } from './stock-facts.ts';

export interface StockAnswer {
  readonly answer: string;
  /** The function that was called, and whether it returned data. */
  readonly call: string;
  readonly found: boolean;
}

const MOST_LISTED = 5;

/** @returns undefined when no product is called like that: the question may be about a procedure */
export async function answerStock(
  question: StockQuestion,
  reader: StockReader,
): Promise<StockAnswer | undefined> {
  const { call } = question;
  const said = (answer: string, found: boolean): StockAnswer => ({ answer, call, found });
  const failed = (problem: string): StockAnswer =>
    said(`The stock cannot be read: ${problem}. Look at the shelf instead.`, false);
  switch (call) {
    case 'open-cards': {
      const now = await reader.now();
      if (!now.ok) return failed(now.problem);
      const listed = now.value.cards
        .slice(0, MOST_LISTED)
        .map(({ kind, product }) => `${kind} ${product?.name ?? ''}`.trim());
      return listed.length === 0
        ? said('No card is open.', true)
        : said(
            `${now.value.cards.length} open: ${listed.join('; ')}${now.value.cards.length > listed.length ? '; ...' : ''}.`,
            true,
          );
    }
    case 'transfers': {
      const transfers = await reader.transfers();
      if (!transfers.ok) return failed(transfers.problem);
      const listed = transfers.value
        .slice(0, MOST_LISTED)
        .map(({ product, side, stage }) => `${product.name} (${side}, ${stage})`);
      return listed.length === 0
        ? said('There are no transfers.', true)
        : said(`${transfers.value.length} transfers: ${listed.join('; ')}.`, true);
    }
    case 'is-it-here':
    case 'where':
    case 'how-many': {
      const matches = await reader.findProducts(question.product);
      if (!matches.ok) return failed(matches.problem);
      const [best, ...others] = matches.value;
      if (best === undefined) return undefined;
      const read = await reader.product(best.product.sku);
      if (!read.ok) return failed(read.problem);
      const more =
        others.length === 0
          ? ''
          : ` Also: ${others
              .slice(0, 3)
              .map(({ product }) => product.name)
              .join(', ')}.`;
      return said(`${inWords(call, read.value)}${more}`, true);
    }
    default:
      return call satisfies never;
  }
}

/** The words of the kiosk: sure enough is "surely", the record alone is never a promise. */
function inWords(call: 'is-it-here' | 'where' | 'how-many', view: ProductView): string {
  const { product, confidence, record, p05, p95 } = view;
  const percent = Math.round(confidence * 100);
  const place = product.place === undefined ? 'its place is not known' : `its place is ${product.place}`;
  const sure =
    confidence >= 0.95
      ? 'surely here'
      : confidence >= 0.7
        ? 'probably here'
        : confidence >= 0.3
          ? 'perhaps here'
          : 'probably gone';
  if (call === 'where') return `${product.name}: ${place}; it is ${sure} (${percent} %).`;
  if (call === 'how-many')
    return `${product.name}: ${record} on record, likely ${p05 === p95 ? p05 : `${p05} to ${p95}`} in the store; ${sure} (${percent} %).`;
  return `${product.name} is ${sure} (${percent} %), ${record} on record; ${place}.`;
}

export const unreadable = (error: unknown): Read<never> => ({
  ok: false,
  problem: error instanceof Error ? error.message : String(error),
});
