/**
 * Learning judged: every learned rate of a store is off by a factor of 3 (all up, all down, or each at random), 60 days
 * teach, 14 days judge. The score is the log score of P(on-hand >= 1) against the truth in the days that nobody
 * learned from; `recovered` is the share of the way from the wrong rates back to the defaults.
 *
 * The prior is the hard case where it says so: centred on the wrong rates themselves, so that only the data can help.
 */
import { type BeliefParameters, defaultParameters } from '@truecount/device/belief';
import { inOrder, learn, LEARNED, priorFromDefaults } from '@truecount/device/learning';
import { logScore, median } from '../twin/metrics.ts';
import { Random } from '../twin/random.ts';
import { StoreWorld } from '../twin/store-world.ts';
import { worlds, type WorldSpec } from '../twin/worlds.ts';
import { confidences, runTrial } from './belief-trial.ts';

const TEACH_DAYS = 60;
const JUDGE_DAYS = 14;
const DAYS = TEACH_DAYS + JUDGE_DAYS;
const OFF_BY = 3;

type Direction = 'times 3' | 'a third' | 'mixed' | 'right';
/** One per seed, in turn. */
const DIRECTIONS: readonly Direction[] = ['times 3', 'a third', 'mixed'];

interface Learned {
  readonly world: string;
  readonly start: number;
  readonly challenger: number;
  readonly kept: number;
  readonly right: number;
  readonly won: boolean;
  readonly cpuSeconds: number;
}

function startFrom(direction: Direction, seed: number): BeliefParameters {
  const random = new Random(seed);
  const factor = (): number => {
    if (direction === 'right') return 1;
    if (direction === 'mixed') return random.uniform() < 0.5 ? OFF_BY : 1 / OFF_BY;
    return direction === 'times 3' ? OFF_BY : 1 / OFF_BY;
  };
  const wrong = LEARNED.map((name) => [name, Math.min(0.9, defaultParameters[name] * factor())] as const);
  const dispersion = defaultParameters.dispersion * factor();
  return { ...defaultParameters, ...Object.fromEntries(wrong), dispersion, version: direction };
}

interface Trial {
  readonly spec: WorldSpec;
  readonly seed: number;
  readonly skus: number;
  readonly direction: Direction;
  readonly isHard: boolean;
}

async function trial({ spec, seed, skus, direction, isHard }: Trial): Promise<Learned> {
  const world = new StoreWorld(spec, { skus, seed, days: DAYS });
  const history = [...world.opening()];
  for (let day = 0; day < DAYS; day++) history.push(...world.nextDay());
  const champion = startFrom(direction, seed);
  const before = process.cpuUsage();
  const result = await learn(inOrder(history), {
    champion,
    prior: priorFromDefaults(isHard ? champion : defaultParameters),
    heldOutDays: JUDGE_DAYS,
  });
  const { user, system } = process.cpuUsage(before);
  const judge = (parameters: BeliefParameters): number =>
    logScore(confidences(runTrial({ spec, seed, skus, days: DAYS, warmUp: TEACH_DAYS, parameters }).judged));
  const [start, challenger] = [judge(champion), judge(result.challenger)] as const;
  const won = result.verdict.winner === 'challenger';
  return {
    world: spec.name,
    start,
    challenger,
    kept: won ? challenger : start,
    right: judge(defaultParameters),
    won,
    cpuSeconds: (user + system) / 1e6,
  };
}

const recovered = ({ start, right }: Learned, reached: number): number => (reached - start) / (right - start);
const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

/** @param seeds of worlds nothing was tuned on */
export async function learning(
  seeds: readonly number[],
  skus: number,
  print: (line: string) => void,
): Promise<void> {
  print(
    `\nlearning: every learned rate off by a factor of ${OFF_BY}, ${TEACH_DAYS} days teach and ${JUDGE_DAYS} judge, ${skus} SKUs, ${seeds.length} seeds from ${seeds[0]}`,
  );
  for (const isHard of [false, true]) {
    const all: Learned[] = [];
    for (const spec of Object.values(worlds))
      for (const [i, seed] of seeds.entries()) {
        const direction = DIRECTIONS[i % DIRECTIONS.length] as Direction;
        const one = await trial({ spec, seed, skus, direction, isHard });
        all.push(one);
        print(
          `    ${spec.name} ${seed} ${direction}: wrong ${one.start.toFixed(4)}, learned ${one.challenger.toFixed(4)}, defaults ${one.right.toFixed(4)}: ${percent(recovered(one, one.challenger))}${one.won ? '' : ' (not taken)'}`,
        );
      }
    print(isHard ? '  prior centred on the wrong rates' : '  prior of the chain (the defaults)');
    report(all, print);
  }
  const right: Learned[] = [];
  for (const spec of Object.values(worlds))
    for (const seed of seeds.slice(0, 3))
      right.push(await trial({ spec, seed, skus, direction: 'right', isHard: false }));
  print(
    `  from the defaults themselves: held-out log score ${median(right.map((one) => one.kept - one.start)).toFixed(4)}, worst ${Math.min(...right.map((one) => one.kept - one.start)).toFixed(4)}; taken in ${right.filter((one) => one.won).length} of ${right.length}`,
  );
}

function report(all: readonly Learned[], print: (line: string) => void): void {
  for (const world of [...new Set(all.map((one) => one.world)), 'all']) {
    const runs = all.filter((one) => world === 'all' || one.world === world);
    const fitted = runs.map((one) => recovered(one, one.challenger));
    const kept = runs.map((one) => recovered(one, one.kept));
    const change = runs.map((one) => one.kept - one.start);
    print(
      `  ${world.padEnd(10)} recovered ${percent(median(fitted))} by the fit, ${percent(median(kept))} after the verdict   [${percent(Math.min(...kept))} .. ${percent(Math.max(...kept))}]; taken ${runs.filter((one) => one.won).length} of ${runs.length}; made worse ${change.filter((value) => value < 0).length}; fit and judging ${median(runs.map((one) => one.cpuSeconds)).toFixed(1)} s CPU`,
    );
  }
}
