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

/** What the catalog says, as of `t`; fields that are from before, with their times. */
interface KnownEntry {
  readonly entry: CatalogEntry;
  readonly t: number;
  readonly older: ReadonlyMap<string, number> | undefined;
}

export class SkuRegister {
  readonly #indexOf = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #bytes = new SkuNames();
  readonly #catalog: KnownEntry[] = [];

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
   * Merges a catalog entry dated `t`: of every field the newest value stands, whatever order they came in. True when the
   * filter must hear of it, because it says what category the SKU is in.
   */
  remember(index: number, observation: Extract<Observation, { type: 'catalog' }>, t: number): boolean {
    const { type: _type, t: _t, ...entry } = observation;
    this.#catalog[index] = merged(this.#catalog[index], entry, t);
    return entry.category !== undefined;
  }

  /** Takes over what a snapshot names, in its order. */
  restore(skus: readonly { readonly sku: string; readonly catalog: CatalogEntry | undefined }[]): void {
    this.#indexOf.clear();
    this.#bytes.clear();
    this.#names.length = 0;
    this.#catalog.length = 0;
    for (const { sku, catalog } of skus) {
      const index = this.register(sku);
      if (catalog !== undefined)
        this.#catalog[index] = { entry: catalog, t: Number.NEGATIVE_INFINITY, older: undefined };
    }
  }
}

function merged(known: KnownEntry | undefined, entry: CatalogEntry, t: number): KnownEntry {
  if (known === undefined) return { entry: inOrder(Object.entries(entry)), t, older: undefined };
  const values = new Map<string, unknown>(Object.entries(known.entry));
  const times = new Map<string, number>();
  for (const name of values.keys()) times.set(name, known.older?.get(name) ?? known.t);
  for (const [name, value] of Object.entries(entry)) {
    const since = times.get(name) ?? Number.NEGATIVE_INFINITY;
    // Of two values of the same instant any will do, as long as it is the same one whatever order they came in.
    if (values.has(name) && (since > t || (since === t && text(values.get(name)) >= text(value)))) continue;
    values.set(name, value);
    times.set(name, t);
  }
  const newest = Math.max(known.t, t);
  const older = new Map([...times].filter(([, since]) => since < newest));
  return { entry: inOrder([...values]), t: newest, older: older.size === 0 ? undefined : older };
}

/** In order of name, so that a snapshot does not tell in which order the fields were heard of. */
function inOrder(fields: [name: string, value: unknown][]): CatalogEntry {
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  // `as`: the fields are those of entries.
  return Object.fromEntries(fields) as unknown as CatalogEntry;
}

const text = (value: unknown): string => JSON.stringify(value);
