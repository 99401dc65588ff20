import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Task } from '@truecount/protocol';
import { expect, it } from 'vitest';
import { aTask } from '../../test/builders/documents.ts';
import { learnRanking, ModelStore, openTensors, untrainedRanker } from '../learning/index.ts';
import { Attention } from './attention.ts';
import { signsOf } from './night-lessons.ts';
import { NOON_MS } from './store-under-test.ts';

it('orders by what people act on once that was learned, and by worth alone before', async () => {
  using models = new ModelStore(mkdtempSync(join(tmpdir(), 'attention-')));
  const hourOf = (): number => 12;
  const attention = new Attention({ models, now: () => NOON_MS, hourOf });
  const task: Task = aTask({ id: 'one', store: 'harbour' });
  const hidden = { kind: 'hidden-stock', confidence: 0.9 } as const;
  const phantom = { kind: 'phantom-stock', confidence: 0.9 } as const;
  expect([hidden, phantom].map((reason) => attention.factorOf(task, reason))).toEqual([1, 1]);

  const outcomes = Array.from({ length: 60 }, (_, i) => ({
    signs: signsOf(task, i % 2 === 0 ? phantom : hidden, NOON_MS, hourOf),
    acted: i % 2 === 0,
  }));
  models.keep(
    'ranking',
    await learnRanking(await openTensors(['wasm', 'cpu']), untrainedRanker(), outcomes, 'v1'),
  );
  attention.refresh();
  const [ignored, acted] = [hidden, phantom].map((reason) => attention.factorOf(task, reason)) as [
    number,
    number,
  ];
  expect(acted).toBeGreaterThan(1.2);
  expect(acted).toBeLessThanOrEqual(1.5);
  expect(ignored).toBeLessThan(0.8);
  expect(ignored).toBeGreaterThanOrEqual(0.5);
});
