/** `truecount plan`: reallocation problem in, plan out. */
import { access, constants } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { createPlanner, type PlanProgress } from '../../../hub/planner/index.ts';
import type { Plan } from '../../../protocol/index.ts';

const example = `
Example:
  $ cat problem.json
  {"stores":[{"id":"a"},{"id":"b"}],
   "lanes":[{"from":"a","to":"b","fixed":2,"perUnit":0.5,"hours":4}],
   "positions":[{"store":"a","sku":"oat-1l","mean":9,"p0":0.02,"rate":1,"reserved":0,"coverDays":3,"margin":1.2}],
   "needs":[{"store":"b","sku":"oat-1l","qty":2,"value":6,"dueHours":24,"order":"O-17"}],
   "policy":{"alpha":0.1}}
  $ truecount plan problem.json
  $ truecount plan - < problem.json

Prints one JSON object: {"moves":[...],"objective":...,"bound":...,"gap":...,"seconds":...,"unmet":[...]}.
No plan of this problem is worth more than "bound"; "gap" is (bound - objective) / objective.`;

interface Options {
  readonly timeLimit?: number;
  readonly gap: number;
}

export function planCommand(): Command {
  return new Command('plan')
    .description('which units to move between stores, with proof and reasons')
    .argument('<problem>', 'a JSON file, or - for stdin')
    .option(
      '--time-limit <seconds>',
      'return the best plan found by then; default: 15 for a region to 100 for a chain',
      positive,
    )
    .option('--gap <share>', 'stop at this proven gap; 0 asks for the optimum', share, 0)
    .addHelpText('after', example)
    .action(async (file: string, options: Options) => {
      printPlan(await planFile(file, options));
    });
}

async function planFile(file: string, { timeLimit, gap }: Options) {
  // The planner's thread reads it; what is wrong with the name is said here, as of every other command.
  if (file !== '-') await access(file, constants.R_OK);
  const planner = createPlanner();
  const show = process.stderr.isTTY ? showProgress : undefined;
  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort();
  process.once('SIGINT', onInterrupt);
  try {
    return await planner.planFile(file, {
      gap,
      signal: stop.signal,
      ...(timeLimit === undefined ? {} : { timeLimitSeconds: timeLimit }),
      ...(show ? { onProgress: show } : {}),
    });
  } finally {
    process.off('SIGINT', onInterrupt);
    if (show) process.stderr.write(CLEAR_LINE);
    await planner.close();
  }
}

const CLEAR_LINE = '\r\u001B[2K';
const stages = {
  reading: 'reading the problem',
  preparing: 'working out what units are worth',
  explaining: 'pricing and explaining the moves',
} as const;

/** One line on the terminal, written over. */
function showProgress(progress: PlanProgress): void {
  process.stderr.write(`${CLEAR_LINE}${progressText(progress)}`);
}

function progressText(progress: PlanProgress): string {
  if (progress.stage !== 'solving') return `${stages[progress.stage]} ...`;
  const { objective, bound } = progress;
  const gap = objective > 0 ? `, gap ${((100 * (bound - objective)) / objective).toFixed(2)} %` : '';
  return `planning: worth ${objective.toFixed(2)}, at most ${bound.toFixed(2)}${gap}`;
}

/** Written piece by piece: a chain's plan is longer than a string should be. */
function printPlan({ moves, unmet, ...head }: Plan): void {
  const list = (name: string, rows: readonly unknown[]): void => {
    process.stdout.write(`"${name}":[`);
    for (const [at, row] of rows.entries())
      process.stdout.write(`${at > 0 ? ',' : ''}${JSON.stringify(row)}`);
    process.stdout.write('],');
  };
  process.stdout.write('{');
  list('moves', moves);
  list('unmet', unmet);
  process.stdout.write(`${JSON.stringify(head).slice(1)}\n`);
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value))
    throw new InvalidArgumentError(`"${text}" is not a positive number of seconds`);
  return value;
}

function share(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value < 1)) throw new InvalidArgumentError(`"${text}" is not a share between 0 and 1`);
  return value;
}
