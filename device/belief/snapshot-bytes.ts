/**
 * A store's sealed beliefs as bytes: SKUs by name, so that the same history gives the same bytes whatever
 * order it arrived in. Little-endian; a header line of JSON, then one block per SKU.
 */
import { EVIDENCE_FIELDS, EVIDENCE_KEPT, EvidenceRing } from './evidence-ring.ts';
import type { GroupPrior } from './rate-groups.ts';
import { cellsOf, LONGEST_STATE, readState, stateLength, writeState } from './state-numbers.ts';
import { StateSlab } from './state-slab.ts';
import type { StoreClockState } from './store-clock.ts';
import { MAX_CELLS, WorkingState } from './working-state.ts';

const FORMAT = 'truecount-belief-6';

export interface SnapshotContent<C> {
  readonly hour: number;
  readonly clock: StoreClockState;
  readonly slab: StateSlab;
  readonly evidence: EvidenceRing;
  readonly groups: readonly (readonly [number, GroupPrior])[];
  readonly skus: readonly { readonly sku: string; readonly catalog: C | undefined }[];
}

/** Numbers of one SKU before its belief. */
const HEAD = 4;
/** More than any SKU takes. */
const MOST_NUMBERS = HEAD + LONGEST_STATE + EVIDENCE_KEPT * EVIDENCE_FIELDS;

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
  let numbers = new Float64Array(order.length * 256 + MOST_NUMBERS);
  let at = 0;
  for (const { index } of order) {
    if (at + MOST_NUMBERS > numbers.length) {
      const wider = new Float64Array(2 * numbers.length);
      wider.set(numbers);
      numbers = wider;
    }
    const known = content.slab.has(index);
    const head = at;
    numbers[head] = known ? 1 : 0;
    numbers[head + 1] = content.slab.kindOf(index);
    numbers[head + 2] = known ? content.slab.sinceOf(index) : 0;
    at += HEAD;
    if (known) {
      content.slab.load(index, w);
      at = writeState(w, numbers, at);
    }
    const noted = content.evidence.copyTo(index, numbers, at);
    numbers[head + 3] = noted;
    at += noted * EVIDENCE_FIELDS;
  }
  return Buffer.concat([Buffer.from(`${header}\n`), new Uint8Array(numbers.buffer, 0, at * 8)]);
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
  const need = (count: number): void => {
    if (!(at + count <= numbers.length))
      throw new SnapshotError('belief snapshot is cut off: rebuild it from the ledger');
  };
  const slab = new StateSlab();
  const evidence = new EvidenceRing();
  const w = new WorkingState();
  for (let index = 0; index < header.skus.length; index++) {
    need(HEAD);
    const known = numbers[at] === 1;
    slab.setKind(index, numbers[at + 1] as number);
    slab.setSince(index, numbers[at + 2] as number);
    const noted = Math.min(EVIDENCE_KEPT, numbers[at + 3] as number);
    at += HEAD;
    if (known) {
      need(stateLength(1));
      const cells = cellsOf(numbers, at);
      if (!(cells >= 1 && cells <= MAX_CELLS))
        throw new SnapshotError(`belief snapshot says ${cells} cells: rebuild it from the ledger`);
      need(stateLength(cells));
      at = readState(w, numbers, at);
      slab.store(index, w);
    }
    need(noted * EVIDENCE_FIELDS);
    for (let i = 0; i < noted; i++, at += EVIDENCE_FIELDS) {
      evidence.note(
        index,
        numbers[at] as number,
        numbers[at + 1] as number,
        numbers[at + 2] as number,
        numbers[at + 3] as number,
        numbers[at + 4] as number,
        numbers[at + 5] as number,
      );
    }
  }
  return {
    hour: header.hour ?? Number.NaN,
    clock: header.clock,
    groups: header.groups,
    slab,
    evidence,
    skus: header.skus.map(({ sku, catalog }) => ({ sku, catalog })),
  };
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
