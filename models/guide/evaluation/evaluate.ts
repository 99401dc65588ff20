/**
 * Measures the shipped model through the whole of guidance. Prints one JSON object; `--wrong` lists what was wrong.
 *
 *   node models/guide/evaluation/evaluate.ts [--model file.gguf | --none] [--set development|held-out|blind|afterwards] [--wrong]
 */
import { parseArgs } from 'node:util';
import {
  Guidance,
  loadProcedures,
  ModelProcess,
  shippedModel,
  shippedProcedures,
} from '@truecount/device/guidance';
import { randomFrom } from '../corpus/random.ts';
import { afterwards, afterwardsUnanswerable } from './afterwards.ts';
import { blind, blindUnanswerable } from './blind.ts';
import { evaluationCase, layOut } from './cases.ts';
import { development, developmentUnanswerable } from './development.ts';
import { everyFactIsGiven } from './facts.ts';
import { heldOut, heldOutUnanswerable } from './held-out.ts';

const sets = {
  development: [development, developmentUnanswerable],
  'held-out': [heldOut, heldOutUnanswerable],
  blind: [blind, blindUnanswerable],
  afterwards: [afterwards, afterwardsUnanswerable],
} as const;
const isSet = (name: string): name is keyof typeof sets => Object.hasOwn(sets, name);

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    none: { type: 'boolean', default: false },
    set: { type: 'string', default: 'held-out' },
    cases: { type: 'string', default: '300' },
    seed: { type: 'string', default: '2026' },
    wrong: { type: 'boolean', default: false },
  },
});

const file = values.model ?? shippedModel();
const { procedures } = loadProcedures([shippedProcedures]);
const model =
  file === undefined || values.none ? undefined : new ModelProcess({ file, maxMemoryMb: 300, threads: 1 });
await model?.ready();
const guidance = new Guidance({
  procedures,
  elapsed: () => performance.now(),
  ...(model === undefined ? {} : { model }),
});
const random = randomFrom(Number(values.seed));
const cards = procedures.filter(({ kinds }) => kinds.length > 0);
const known = new Set(
  procedures.flatMap(({ sections }) => sections.flatMap(({ steps }) => steps.map(({ id }) => id))),
);
if (!isSet(values.set)) throw new Error(`--set is one of ${Object.keys(sets).join(', ')}`);
const [wordings, outside] = sets[values.set];

const right = { structure: 0, facts: 0, set: 0, first: 0, topic: 0 };
let invented = 0;
let written = 0;
const firstMs: number[] = [];
const allMs: number[] = [];
const total = Number(values.cases);
for (let at = 0; at < total; at += 1) {
  const { context, topic, right: steps } = evaluationCase(cards, wordings, random);
  const started = performance.now();
  let first: number | undefined;
  const advice = await guidance.ask(context, { onEvent: () => (first ??= performance.now() - started) });
  allMs.push(performance.now() - started);
  firstMs.push(first ?? performance.now() - started);
  if (advice === undefined) continue;
  right.structure += 1;
  const given = advice.steps.map(({ id }) => id);
  invented += given.filter((id) => !known.has(id)).length;
  if (everyFactIsGiven(advice, context)) right.facts += 1;
  if (advice.topic === topic) right.topic += 1;
  const isWhole = given.length === steps.length && steps.every((id) => given.includes(id));
  if (isWhole) right.set += 1;
  if (given[0] === steps[0]) right.first += 1;
  if (advice.sources[0]?.paragraphs[0] !== advice.answer) written += 1;
  if (values.wrong && !isWhole)
    process.stderr.write(
      `${topic} -> ${advice.topic}: ${context.question} | ${JSON.stringify(given)} | wanted ${JSON.stringify(steps)}\n`,
    );
  if (values.wrong && !everyFactIsGiven(advice, context))
    process.stderr.write(`facts: ${advice.answer} ${JSON.stringify(context)}\n`);
}
let abstained = 0;
for (const [at, question] of outside.entries()) {
  const kind = random.pick(random.pick(cards).kinds);
  const context =
    at % 2 === 0 ? layOut(kind, 'Oat drink 1 l', question, random) : { question, role: 'associate' };
  const advice = await guidance.ask(context);
  if (advice?.abstained === true) abstained += 1;
  else if (values.wrong)
    process.stderr.write(`answered: ${question} -> ${advice?.topic} ${advice?.steps[0]?.id}\n`);
}
const percentile = (list: readonly number[], share: number): number =>
  Math.round(list.toSorted((a, b) => a - b)[Math.floor(list.length * share)] ?? 0);
process.stdout.write(
  `${JSON.stringify({
    model: model?.card()?.name ?? null,
    cases: total,
    ...Object.fromEntries(Object.entries(right).map(([name, count]) => [name, count / total])),
    invented,
    writtenByModel: written / total,
    abstained: abstained / outside.length,
    firstMs: { p50: percentile(firstMs, 0.5), p95: percentile(firstMs, 0.95) },
    fullMs: { p50: percentile(allMs, 0.5), p95: percentile(allMs, 0.95) },
  })}\n`,
);
await model?.close();
