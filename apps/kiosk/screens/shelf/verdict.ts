/** What a person has corrected on the screen so far, before it is sent. Pure. */
import type { ShelfProduct, ShelfVerdict, ShelfView } from '@truecount/protocol';

/** Product's place to the number of filled places that the person sees. */
export type Corrections = ReadonlyMap<string, number>;

export const placeOf = ({ row, sku }: Pick<ShelfProduct, 'row' | 'sku'>): string => `${row} ${sku}`;

export const filledOf = (product: ShelfProduct, corrections: Corrections): number =>
  corrections.get(placeOf(product)) ?? product.facings;

/** A correction back to what the camera said is none. */
export function corrected(corrections: Corrections, product: ShelfProduct, filled: number): Corrections {
  const next = new Map(corrections);
  if (filled === product.facings && product.unknown === 0) next.delete(placeOf(product));
  else next.set(placeOf(product), filled);
  return next;
}

export function verdictOf(id: string, view: ShelfView, corrections: Corrections): ShelfVerdict | undefined {
  if (view.frame === undefined) return undefined;
  const products = view.products
    .filter((product) => corrections.has(placeOf(product)))
    .map((product) => ({ sku: product.sku, row: product.row, facings: filledOf(product, corrections) }));
  return { id, frame: view.frame.id, ...(products.length === 0 ? {} : { products }) };
}

/** One mark per planned place: filled first, then empty, then what the camera could not see. */
export function marksOf(
  product: ShelfProduct,
  corrections: Corrections,
): readonly ('filled' | 'empty' | 'unknown')[] {
  const filled = Math.min(product.planned, filledOf(product, corrections));
  const isKnown = corrections.has(placeOf(product));
  const unknown = isKnown ? 0 : Math.min(product.unknown, product.planned - filled);
  return Array.from({ length: product.planned }, (_, i) =>
    i < filled ? 'filled' : i < product.planned - unknown ? 'empty' : 'unknown',
  );
}

/** Rows from the top, each with its products from the left. */
export function rowsOf(products: readonly ShelfProduct[]): readonly (readonly ShelfProduct[])[] {
  const rows: ShelfProduct[][] = [];
  for (const product of products) (rows[product.row] ??= []).push(product);
  return rows.filter((row) => row !== undefined);
}
