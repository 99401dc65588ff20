/** The SKUs a store was told of: their numbers inside the filter, and what the catalog says of them. */
import type { Observation } from '@truecount/protocol';
import { SkuNames } from './sku-names.ts';

export interface CatalogEntry {
  readonly sku: string;
  readonly name?: string;
  readonly price?: number;
  readonly cost?: number;
  readonly currency?: string;
  readonly category?: string;
  readonly place?: string;
  readonly facings?: number;
  readonly pack?: number;
  readonly gtin?: string;
}

export class SkuRegister {
  readonly #indexOf = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #bytes = new SkuNames();
  readonly #catalog: { entry: CatalogEntry; t: number }[] = [];

  get names(): readonly string[] {
    return this.#names;
  }

  indexOf(sku: string): number | undefined {
    return this.#indexOf.get(sku);
  }

  nameAt(index: number): string {
    return this.#names[index] as string;
  }

  entryAt(index: number): CatalogEntry | undefined {
    return this.#catalog[index]?.entry;
  }

  /** The number of a SKU; a new one if it was never heard of. */
  register(sku: string): number {
    let index = this.#indexOf.get(sku);
    if (index === undefined) {
      index = this.#names.length;
      this.#indexOf.set(sku, index);
      this.#names.push(sku);
      this.#bytes.add(sku, index);
    }
    return index;
  }

  /** The same for a name in ASCII bytes. */
  registerBytes(bytes: Uint8Array, from: number, to: number): number {
    const index = this.#bytes.find(bytes, from, to);
    return index >= 0 ? index : this.register(String.fromCharCode(...bytes.subarray(from, to)));
  }

  /**
   * Merges a catalog entry dated `t`; newer fields win. True when the filter must hear of it, because it may put
   * the SKU into another category.
   */
  remember(index: number, observation: Extract<Observation, { type: 'catalog' }>, t: number): boolean {
    const known = this.#catalog[index];
    const { type: _type, t: _t, ...entry } = observation;
    const { category } = entry;
    // A restored entry has no time: what is folded may be older than it.
    const isNews =
      category !== undefined &&
      (known === undefined || known.entry.category !== category || t < known.t || !Number.isFinite(known.t));
    if (known === undefined) this.#catalog[index] = { entry, t };
    else if (t >= known.t) this.#catalog[index] = { entry: { ...known.entry, ...entry }, t };
    else this.#catalog[index] = { entry: { ...entry, ...known.entry }, t: known.t };
    return isNews;
  }

  /** Takes over what a snapshot names, in its order. */
  restore(skus: readonly { readonly sku: string; readonly catalog: CatalogEntry | undefined }[]): void {
    this.#indexOf.clear();
    this.#bytes.clear();
    this.#names.length = 0;
    this.#catalog.length = 0;
    for (const { sku, catalog } of skus) {
      const index = this.register(sku);
      if (catalog !== undefined) this.#catalog[index] = { entry: catalog, t: Number.NEGATIVE_INFINITY };
    }
  }
}
