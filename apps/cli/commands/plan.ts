/** `truecount plan`: reallocation problem in, plan out. */
import { createReadStream } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { createPlanner, PlanningError, readProblem } from '../../../hub/planner/index.ts';

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
  readonly timeLimit: number;
  readonly gap: number;
}

export function planCommand(): Command {
  return new Command('plan')
    .description('which units to move between stores, with proof and reasons')
    .argument('<problem>', 'a JSON file, or - for stdin')
    .option('--time-limit <seconds>', 'return the best plan found by then', positive, 100)
    .option('--gap <share>', 'stop at this proven gap; 0 asks for the optimum', share, 0)
    .addHelpText('after', example)
    .action(async (file: string, options: Options) => {
      try {
        process.stdout.write(`${JSON.stringify(await planFile(file, options))}\n`);
      } catch (error) {
        process.stderr.write(`${lineFor(error, file)}\n`);
        process.exitCode = 1;
      }
    });
}

async function planFile(file: string, { timeLimit, gap }: Options) {
  const problem = readProblem(await readJson(file));
  const planner = createPlanner();
  try {
    return await planner.plan(problem, { timeLimitSeconds: timeLimit, gap });
  } finally {
    await planner.close();
  }
}

async function readJson(file: string): Promise<unknown> {
  const chunks: Buffer[] = [];
  const input: AsyncIterable<Buffer> = file === '-' ? process.stdin : createReadStream(file);
  for await (const chunk of input) chunks.push(chunk);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    throw new PlanningError(
      'plan-invalid',
      `${file === '-' ? 'stdin' : file} is not JSON: ${reason(error)}.`,
    );
  }
}

function lineFor(error: unknown, file: string): string {
  if (error instanceof PlanningError) return `${error.code}: ${error.message}`;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'plan-failed';
  return `${code}: ${file} could not be planned: ${reason(error)}`;
}

const reason = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

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
