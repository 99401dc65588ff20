/** Writes positions that changed enough to matter, many at a time. */
import { type PositionDocument } from '@truecount/protocol';
import { changedEnough, type StoreCollections } from '../documents/index.ts';

/** Positions per write; bounds the time that one write takes. */
const BATCH = 200;
/** What `changedEnough` compares, without the distribution: 30,000 of them fit in a few megabytes. */
type Written = Omit<PositionDocument, 'pmf'>;

export class PositionWriter {
  readonly #collections: StoreCollections;
  readonly #written = new Map<string, Written>();

  constructor(collections: StoreCollections) {
    this.#collections = collections;
  }

  /** @returns how many were written */
  async write(positions: readonly PositionDocument[]): Promise<number> {
    let count = 0;
    for (let at = 0; at < positions.length; at += BATCH)
      count += await this.#writeBatch(positions.slice(at, at + BATCH));
    return count;
  }

  async #writeBatch(positions: readonly PositionDocument[]): Promise<number> {
    await this.#load(positions.filter(({ id }) => !this.#written.has(id)));
    const changed = positions.filter((position) => {
      const before = this.#written.get(position.id);
      return changedEnough(before && { ...before, pmf: [] }, position);
    });
    if (changed.length === 0) return 0;
    await this.#collections.positions.bulkUpsert([...changed]);
    for (const { pmf: _pmf, ...written } of changed) this.#written.set(written.id, written);
    return changed.length;
  }

  /** What earlier runs wrote. */
  async #load(positions: readonly PositionDocument[]): Promise<void> {
    if (positions.length === 0) return;
    const known = await this.#collections.positions.findByIds(positions.map(({ id }) => id)).exec();
    for (const document of known.values()) {
      const { pmf: _pmf, ...written } = document.toMutableJSON();
      this.#written.set(written.id, written);
    }
  }
}
