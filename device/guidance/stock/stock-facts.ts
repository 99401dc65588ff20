/**
 * Live facts about stock, through typed read functions and nothing else: no query is ever written by a model or put
 * together from a question. A source that fails or knows nothing says so; that is an answer too.
 */
import type { NowView, ProductMatch, ProductView, TransferView } from '@truecount/protocol';

export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string };

export interface StockReader {
  findProducts(text: string): Promise<Read<readonly ProductMatch[]>>;
  product(sku: string): Promise<Read<ProductView>>;
  now(): Promise<Read<NowView>>;
  transfers(): Promise<Read<readonly TransferView[]>>;
}

export const stockFunctions = ['is-it-here', 'where', 'how-many', 'open-cards', 'transfers'] as const;
export type StockFunction = (typeof stockFunctions)[number];

export interface StockQuestion {
  readonly call: StockFunction;
  /** What the product is called in the question; empty for functions without one. */
  readonly product: string;
}

/** Words around a product's name, longest first; what is left between them is the name. */
const shapes: readonly (readonly [StockFunction, RegExp])[] = [
  [
    'how-many',
    /^(?:how many|how much|what(?: is|'s) the stock of|stock of|count of|what is on record for)\s+(?<product>.+?)(?:\s+(?:do we have|are there|is there|have we got|have we|are left|is left|in stock|on hand|left))*$/,
  ],
  [
    'where',
    /^(?:where (?:is|are|do i find|can i find|do we keep|would i find)|which aisle (?:is|has|for)|find|locate)\s+(?<product>.+?)$/,
  ],
  [
    'is-it-here',
    /^(?:is there|are there|do we have|have we got|do you have|have you got|is|are|got)\s+(?:any |some |still )*(?<product>.+?)(?:\s+(?:in stock|available|left|here|on the shelf|in the store|there|today))*$/,
  ],
  [
    'is-it-here',
    /^(?:can i (?:sell|promise)|may i promise|availability of|check|look up)\s+(?:one |a |any )*(?<product>.+?)$/,
  ],
];
const cardShape =
  /\b(what (is|are) (there )?(open|to do)|open (cards?|tasks?|exceptions?)|what should i do first|anything to do|my tasks?|to-?do list)\b/;
const transferShape =
  /\b(open|waiting|incoming|outgoing|any|which|what) transfers?\b|\btransfers? (is|are) (open|waiting|coming)\b/;

/** @returns undefined when it is no question about live stock */
export function stockQuestion(question: string): StockQuestion | undefined {
  const text = question
    .toLowerCase()
    .replaceAll(/[?!.]+$/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  if (transferShape.test(text)) return { call: 'transfers', product: '' };
  if (cardShape.test(text)) return { call: 'open-cards', product: '' };
  for (const [call, shape] of shapes) {
    const product = shape
      .exec(text)
      ?.groups?.['product']?.replace(/^(?:the|our|any|some|a|an|of)\s+/, '')
      .trim();
    if (product !== undefined && product !== '') return { call, product };
  }
  return undefined;
}
