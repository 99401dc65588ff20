import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createHighsSolver } from './highs-solver.ts';
import { LinearModelBuilder } from './linear-model.ts';

const limits = { seconds: 20, relativeGap: 0, shouldStop: () => false };
const optima = JSON.parse(readFileSync(new URL('./vectors/optima.json', import.meta.url), 'utf8')) as Record<
  string,
  { optimal: number }
>;

/** A DIMACS minimum-cost-flow file as a model: flow out - flow in = supply. */
function networkModel(name: string) {
  const builder = new LinearModelBuilder();
  const balance = new Map<number, { supply: number; terms: [number, number][] }>();
  const node = (id: number) => {
    const known = balance.get(id) ?? { supply: 0, terms: [] };
    balance.set(id, known);
    return known;
  };
  for (const line of readFileSync(new URL(`./vectors/${name}.min`, import.meta.url), 'utf8').split('\n')) {
    const [kind, a = 0, b = 0, lower = 0, upper = 0, cost = 0] = line
      .split(/\s+/)
      .map((t, i) => (i ? Number(t) : t));
    if (kind === 'n') node(Number(a)).supply = Number(b);
    if (kind !== 'a') continue;
    const column = builder.column({ cost: -Number(cost), lower: Number(lower), upper: Number(upper) });
    node(Number(a)).terms.push([column, 1]);
    node(Number(b)).terms.push([column, -1]);
  }
  for (const { supply, terms } of balance.values()) builder.row(terms, { lower: supply, upper: supply });
  return builder.build();
}

describe('the HiGHS adapter', () => {
  it.each(['mcf_040', 'mcf_120'])('reaches the proven optimum of %s', async (name) => {
    const solved = await createHighsSolver().solve(networkModel(name), limits);
    expect(solved.status).toBe('optimal');
    expect(-solved.objective).toBeCloseTo(optima[name]?.optimal ?? 0, 6);
  });

  it('stops when asked and solves the next model all the same', async () => {
    const solver = createHighsSolver();
    const model = knapsack(60);
    let looks = 0;
    const stopped = await solver.solve(model, { ...limits, shouldStop: () => (looks += 1) > 0 });
    expect(stopped.bound).toBeGreaterThanOrEqual(stopped.objective);
    const solved = await solver.solve(networkModel('mcf_040'), limits);
    expect(-solved.objective).toBeCloseTo(18899, 6);
  });
});

function knapsack(size: number) {
  const builder = new LinearModelBuilder();
  const weight = (i: number): number => 1000 + ((i * 7919) % 997);
  const terms = Array.from({ length: size }, (_, i): [number, number] => [
    builder.column({ cost: weight(i) + ((i * 31) % 17), upper: 1, integer: true }),
    weight(i),
  ]);
  builder.row(terms, { upper: size * 400 + 0.5 });
  return builder.build();
}
