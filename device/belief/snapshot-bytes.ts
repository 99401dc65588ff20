/**
 * A store's sealed beliefs as bytes: SKUs by name, so that the same history gives the same bytes whatever
 * order it arrived in. Little-endian; a header line of JSON, then one block per SKU.
 */
import { EVIDENCE_KEPT, EvidenceRing } from './evidence-ring.ts';
import { RATES } from './rate-grid.ts';
import type { GroupPrior } from './rate-groups.ts';
import { StateSlab } from './state-slab.ts';
import type { StoreClockState } from './store-clock.ts';
import { WorkingState } from './working-state.ts';

const FORMAT = 'truecount-belief-5';

export interface SnapshotContent<C> {
  readonly hour: number;
  readonly clock: StoreClockState;
  readonly slab: StateSlab;
  readonly evidence: EvidenceRing;
  readonly groups: readonly (readonly [number, GroupPrior])[];
  readonly skus: readonly { readonly sku: string; readonly catalog: C | undefined }[];
}

const scalarsOf = (w: WorkingState): number[] => [
  w.absent,
  w.hidden,
  w.selling,
  w.cells,
  w.width,
  w.carry,
  w.clock,
  w.record,
  w.units,
  w.purchases,
  w.viewClock,
  w.viewEmpty ? 1 : 0,
  w.contradictions,
  w.logLikelihood,
  w.reordersAt,
  w.foundBeyond,
];
const SCALARS = 16;

export function snapshotBytes<C>(content: SnapshotContent<C>): Uint8Array {
  const w = new WorkingState();
  const order = content.skus
    .map((entry, index) => ({ ...entry, index }))
    .sort((a, b) => (a.sku < b.sku ? -1 : a.sku > b.sku ? 1 : 0));
  const hour = Number.isNaN(content.hour) ? null : content.hour;
  const header = JSON.stringify({
    format: FORMAT,
    hour,
    clock: content.clock,
    groups: content.groups,
    skus: order.map(({ sku, catalog }) => (catalog === undefined ? { sku } : { sku, catalog })),
  });
  const parts: Uint8Array[] = [Buffer.from(`${header}\n`)];
  for (const { index } of order) {
    const known = content.slab.has(index);
    if (known) content.slab.load(index, w);
    const evidence = content.evidence.of(index);
    const numbers = [known ? 1 : 0, content.slab.groupOf(index), evidence.length];
    if (known) numbers.push(...scalarsOf(w), ...w.live, ...w.idle, ...w.p.subarray(1, w.cells + 1));
    for (const e of evidence) numbers.push(e.t, e.code, e.x, e.y, e.before, e.after);
    parts.push(new Uint8Array(Float64Array.from(numbers).buffer));
  }
  return Buffer.concat(parts);
}

class SnapshotError extends Error {
  readonly code = 'BELIEF_SNAPSHOT';
}

export function readSnapshot<C>(bytes: Uint8Array): SnapshotContent<C> {
  const end = bytes.indexOf(10);
  const header = parseHeader<C>(end < 0 ? '' : Buffer.from(bytes.subarray(0, end)).toString('utf8'));
  const body = new Uint8Array(bytes.subarray(end + 1));
  if (body.byteLength % 8 !== 0)
    throw new SnapshotError('belief snapshot is cut off: rebuild it from the ledger');
  const numbers = new Float64Array(body.buffer, 0, body.byteLength / 8);
  let at = 0;
  const next = (): number => {
    const value = numbers[at++];
    if (value === undefined)
      throw new SnapshotError('belief snapshot is cut off: rebuild it from the ledger');
    return value;
  };
  const slab = new StateSlab();
  const evidence = new EvidenceRing();
  const w = new WorkingState();
  header.skus.forEach((_, index) => {
    const known = next() === 1;
    slab.setGroup(index, next());
    const noted = Math.min(EVIDENCE_KEPT, next());
    if (known) {
      readState(w, Array.from({ length: SCALARS }, next), next);
      slab.store(index, w);
    }
    for (let i = 0; i < noted; i++) evidence.note(index, next(), next(), next(), next(), next(), next());
  });
  return {
    hour: header.hour ?? Number.NaN,
    clock: header.clock,
    groups: header.groups,
    slab,
    evidence,
    skus: header.skus.map(({ sku, catalog }) => ({ sku, catalog })),
  };
}

function readState(w: WorkingState, scalars: readonly number[], next: () => number): void {
  let at = 0;
  const value = (): number => scalars[at++] as number;
  w.absent = value();
  w.hidden = value();
  w.selling = value();
  w.cells = value();
  w.width = value();
  w.carry = value();
  w.clock = value();
  w.record = value();
  w.units = value();
  w.purchases = value();
  w.viewClock = value();
  w.viewEmpty = value() === 1;
  w.contradictions = value();
  w.logLikelihood = value();
  w.reordersAt = value();
  w.foundBeyond = value();
  for (let k = 0; k < RATES; k++) w.live[k] = next();
  for (let k = 0; k < RATES; k++) w.idle[k] = next();
  for (let i = 1; i <= w.cells; i++) w.p[i] = next();
}

interface Header<C> {
  readonly format: string;
  readonly hour: number | null;
  readonly clock: StoreClockState;
  readonly groups: readonly (readonly [number, GroupPrior])[];
  readonly skus: readonly { readonly sku: string; readonly catalog?: C }[];
}

function parseHeader<C>(line: string): Header<C> {
  try {
    const header = JSON.parse(line) as Header<C>;
    if (header.format === FORMAT) return header;
  } catch {
    // Falls through to the one message below.
  }
  throw new SnapshotError(`not a belief snapshot of format ${FORMAT}: rebuild the beliefs from the ledger`);
}
