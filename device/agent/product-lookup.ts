/** Finds the SKU of what a till printed or a scanner read, from the store's own catalog. */
import type { CatalogObservation } from '@truecount/protocol';
import type { Static } from 'typebox';
import type { ItemIdentity, SkuLookup } from '../feeds/index.ts';

type Catalog = Pick<Static<typeof CatalogObservation>, 'sku' | 'gtin' | 'name'>;

const plain = (name: string): string => name.trim().replaceAll(/\s+/g, ' ').toLowerCase();

export class ProductLookup {
  readonly #skus = new Set<string>();
  readonly #byGtin = new Map<string, string>();
  /** Undefined where two products share a name: then the name tells nothing. */
  readonly #byName = new Map<string, string | undefined>();

  learn({ sku, gtin, name }: Catalog): void {
    this.#skus.add(sku);
    if (gtin !== undefined) this.#byGtin.set(gtin, sku);
    if (name === undefined) return;
    const key = plain(name);
    const known = this.#byName.get(key);
    this.#byName.set(key, this.#byName.has(key) && known !== sku ? undefined : sku);
  }

  /** A product nobody told us about keeps the code or the name it was printed with, so that its sales are not lost. */
  readonly find: SkuLookup = (item) => this.known(item) ?? item.code ?? item.gtin ?? item.name;

  known({ code, gtin, name }: ItemIdentity): string | undefined {
    if (code !== undefined && this.#skus.has(code)) return code;
    const asGtin = code !== undefined && /^\d{8,14}$/.test(code) ? code.padStart(14, '0') : undefined;
    for (const candidate of [gtin, asGtin]) {
      const sku = candidate === undefined ? undefined : this.#byGtin.get(candidate);
      if (sku !== undefined) return sku;
    }
    return name === undefined ? undefined : this.#byName.get(plain(name));
  }
}
