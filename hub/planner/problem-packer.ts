/**
 * Takes a problem part by part, in any order, into columns of numbers, and refuses what a schema cannot see: names
 * that must resolve, keys that must be unique, stock that can be.
 */
import type { PlanningLane, PlanningNeed, PlanningPolicy, PlanningPosition } from '../../protocol/index.ts';
import { doubles, groupRows, integers, Names } from './columns.ts';
import { type PackedProblem, UNLIMITED } from './packed-problem.ts';
import { PlanningError } from './planning-error.ts';
import { stockFault } from './stock-fault.ts';

/** More stores than any chain has: a lane's key is one number. */
const STORE_STRIDE = 2 ** 21;

export class ProblemPacker {
  readonly #stores = new Names();
  readonly #skus = new Names();
  /** Where a store was named first, until `stores` lists it. */
  readonly #unlisted = new Map<number, string>();
  readonly #listed = new Set<number>();
  readonly #lanes: PlanningLane[] = [];
  readonly #laneKeys = new Set<number>();
  readonly #needs: PlanningNeed[] = [];
  readonly #store = integers();
  readonly #sku = integers();
  readonly #reserved = integers();
  readonly #minimum = integers();
  readonly #rate = doubles();
  readonly #coverDays = doubles();
  readonly #dispersion = doubles();
  readonly #margin = doubles();
  readonly #lossValue = doubles();
  readonly #mean = doubles();
  readonly #p0 = doubles();
  readonly #pmfStart = integers();
  readonly #pmf = doubles();
  #policy: PlanningPolicy | undefined;

  store(id: string): void {
    const store = this.#stores.index(id);
    if (this.#listed.has(store))
      throw new PlanningError('plan-duplicate-store', `Store "${id}" is listed twice.`);
    this.#listed.add(store);
    this.#unlisted.delete(store);
  }

  lane(lane: PlanningLane): void {
    const at = this.#lanes.length;
    const from = this.#named(lane.from, 'lanes', at);
    const to = this.#named(lane.to, 'lanes', at);
    if (from === to)
      throw new PlanningError('plan-invalid', `lanes.${at} leads from store "${lane.from}" to itself.`);
    const key = from * STORE_STRIDE + to;
    if (this.#laneKeys.has(key))
      throw new PlanningError(
        'plan-duplicate-lane',
        `lanes.${at} repeats the lane from "${lane.from}" to "${lane.to}".`,
      );
    this.#laneKeys.add(key);
    this.#lanes.push(lane);
  }

  position(position: PlanningPosition): void {
    const at = this.#store.length;
    const store = this.#named(position.store, 'positions', at);
    const sku = this.#skus.index(position.sku);
    const fault = stockFault(position);
    if (fault)
      throw new PlanningError(
        'plan-bad-stock',
        `positions.${at} (${position.sku} at ${position.store}): ${fault}.`,
      );
    this.#store.push(store);
    this.#sku.push(sku);
    this.#reserved.push(position.reserved);
    this.#minimum.push(position.minimum ?? 0);
    this.#rate.push(position.rate);
    this.#coverDays.push(position.coverDays);
    this.#dispersion.push(position.dispersion ?? Number.NaN);
    this.#margin.push(position.margin);
    this.#lossValue.push(position.lossValue ?? Number.NaN);
    this.#mean.push(position.mean ?? 0);
    this.#p0.push(position.p0 ?? 1);
    this.#pmfStart.push(this.#pmf.length);
    if (position.pmf) this.#pmf.append(position.pmf);
  }

  need(need: PlanningNeed): void {
    this.#named(need.store, 'needs', this.#needs.length);
    this.#skus.index(need.sku);
    this.#needs.push(need);
  }

  policy(policy: PlanningPolicy): void {
    this.#policy = policy;
  }

  finish(): PackedProblem {
    const [unlisted] = this.#unlisted;
    if (unlisted) {
      const [store, where] = unlisted;
      throw new PlanningError(
        'plan-unknown-store',
        `${where} names store "${this.#stores.names[store]}", which is not in stores.`,
      );
    }
    const policy = this.#policy;
    if (!policy) throw new PlanningError('plan-invalid', 'The problem is not valid: it has no policy.');
    this.#pmfStart.push(this.#pmf.length);
    const store = this.#store.take();
    const sku = this.#sku.take();
    this.#refuseRepeats(store, sku);
    return {
      stores: this.#stores.names,
      skus: this.#skus.names,
      alpha: policy.alpha,
      maxUnits: policy.maxUnits ?? UNLIMITED,
      lanes: this.#packLanes(policy),
      isSkuBlocked: this.#blockedSkus(policy),
      positions: {
        store,
        sku,
        reserved: this.#reserved.take(),
        minimum: this.#minimum.take(),
        rate: this.#rate.take(),
        coverDays: this.#coverDays.take(),
        dispersion: this.#dispersion.take(),
        margin: this.#margin.take(),
        lossValue: this.#lossValue.take(),
        mean: this.#mean.take(),
        p0: this.#p0.take(),
        pmfStart: this.#pmfStart.take(),
        pmf: this.#pmf.take(),
      },
      needs: this.#packNeeds(),
    };
  }

  /** In the end, since a set of a chain's keys would weigh more than its columns. */
  #refuseRepeats(store: Int32Array, sku: Int32Array): void {
    const rowsOf = groupRows(sku, this.#skus.names.length);
    const lastSku = new Int32Array(this.#stores.names.length).fill(-1);
    for (let k = 0; k < this.#skus.names.length; k += 1)
      for (const row of rowsOf(k)) {
        const at = store[row] as number;
        if (lastSku[at] === k)
          throw new PlanningError(
            'plan-duplicate-position',
            `positions.${row} repeats SKU "${this.#skus.names[k]}" at store "${this.#stores.names[at]}".`,
          );
        lastSku[at] = k;
      }
  }

  /** Index of a store named by a row. */
  #named(id: string, part: string, at: number): number {
    const store = this.#stores.index(id);
    if (!this.#listed.has(store) && !this.#unlisted.has(store)) this.#unlisted.set(store, `${part}.${at}`);
    return store;
  }

  #packLanes({ blockedPairs = [] }: PlanningPolicy): PackedProblem['lanes'] {
    const blocked = new Set(
      blockedPairs.map((pair) => JSON.stringify('from' in pair ? [pair.from, pair.to] : pair)),
    );
    const lanes = this.#lanes;
    return {
      from: Int32Array.from(lanes, (lane) => this.#stores.index(lane.from)),
      to: Int32Array.from(lanes, (lane) => this.#stores.index(lane.to)),
      fixed: Float64Array.from(lanes, (lane) => lane.fixed),
      perUnit: Float64Array.from(lanes, (lane) => lane.perUnit),
      hours: Float64Array.from(lanes, (lane) => lane.hours),
      capacity: Int32Array.from(lanes, (lane) => lane.capacity ?? UNLIMITED),
      isBlocked: Int32Array.from(lanes, ({ from, to }) =>
        blocked.size > 0 && blocked.has(JSON.stringify([from, to])) ? 1 : 0,
      ),
    };
  }

  #blockedSkus({ blockedSkus = [] }: PlanningPolicy): Int32Array<ArrayBuffer> {
    const isBlocked = new Int32Array(this.#skus.names.length);
    for (const name of blockedSkus) {
      const sku = this.#skus.find(name);
      if (sku !== undefined) isBlocked[sku] = 1;
    }
    return isBlocked;
  }

  #packNeeds(): PackedProblem['needs'] {
    const needs = this.#needs;
    return {
      store: Int32Array.from(needs, (need) => this.#stores.index(need.store)),
      sku: Int32Array.from(needs, (need) => this.#skus.index(need.sku)),
      qty: Int32Array.from(needs, (need) => need.qty),
      value: Float64Array.from(needs, (need) => need.value),
      dueHours: Float64Array.from(needs, (need) => need.dueHours),
      order: needs.map((need) => need.order),
    };
  }
}
