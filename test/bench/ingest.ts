/**
 * How many observations a second go from a feed's batch through the ledger (committed with fsync) into the
 * belief. Absolute figures depend on the machine's disk, so the same bytes appended to a plain file with one
 * fsync per batch stand beside them.
 */
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FeedObservation } from '@truecount/protocol';
import { createBelief } from '../../device/belief/index.ts';
import { Ledger } from '../../device/ledger/index.ts';

const SKUS = 2_000;
const START = Date.parse('2026-03-02T08:00:00.000Z');

/** A busy store: receipts of three lines, ten seconds apart, over 2,000 SKUs. */
function* receipts(count: number): Generator<FeedObservation[]> {
  for (let ticket = 0; ticket < count; ticket++) {
    const t = new Date(START + ticket * 10_000).toISOString();
    yield [0, 1, 2].map((line) => ({
      observation: {
        type: 'sale',
        t,
        sku: `sku-${(ticket * 7 + line * 131) % SKUS}`,
        qty: 1,
        till: '1',
        ticket: String(ticket),
        line,
      },
      key: `1/${ticket}/${line}`,
    }));
  }
}

export interface IngestFigures {
  readonly batch: number;
  readonly observationsPerSecond: number;
  readonly fileObservationsPerSecond: number;
}

/** @param ticketsPerBatch receipts that share one commit: 1 is a single till, more is a burst or an import */
export async function measureIngest(tickets: number, ticketsPerBatch: number): Promise<IngestFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'truecount-bench-'));
  try {
    const batches: FeedObservation[][] = [];
    for (const receipt of receipts(tickets)) {
      const last = batches.at(-1);
      if (last && last.length < ticketsPerBatch * 3) last.push(...receipt);
      else batches.push([...receipt]);
    }
    using ledger = new Ledger({ folder, store: 'bench', now: () => START });
    const belief = createBelief({});
    const started = performance.now();
    for (const batch of batches) {
      await ledger.append('till-1', batch);
      for (const { observation } of batch) belief.observe(observation);
    }
    const productMs = performance.now() - started;

    const file = openSync(join(folder, 'plain'), 'w');
    const fileStarted = performance.now();
    for (const batch of batches) {
      writeSync(file, batch.map((item) => `${JSON.stringify(item)}\n`).join(''));
      fsyncSync(file);
    }
    const fileMs = performance.now() - fileStarted;
    closeSync(file);
    const perSecond = (ms: number) => Math.round((tickets * 3) / (ms / 1000));
    return {
      batch: ticketsPerBatch * 3,
      observationsPerSecond: perSecond(productMs),
      fileObservationsPerSecond: perSecond(fileMs),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
