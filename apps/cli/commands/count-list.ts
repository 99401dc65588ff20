/** `truecount count-list`: what is most worth counting after a history of observations, by place. */
import { type CountCandidate, countList, defaultEconomics } from '@truecount/device/belief';
import { Command, InvalidArgumentError } from 'commander';
import { foldFile, readParameters } from './fold-file.ts';

interface CountListOptions {
  readonly counts: number;
  readonly minutes?: number;
  readonly horizon: number;
  readonly parameters?: string;
}

const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0 && value <= 100_000)) throw new InvalidArgumentError('a number above 0 is needed');
  return value;
};

export function countListCommand(): Command {
  return new Command('count-list')
    .description('what is most worth counting now, as JSON lines, ordered by place')
    .argument('[file]', 'observations (NDJSON); - or nothing reads stdin', '-')
    .option('-n, --counts <number>', 'how many counts there is time for', positive, 30)
    .option('--minutes <number>', 'how many minutes there are, instead of a number of counts', positive)
    .option(
      '--horizon <days>',
      'trading days until an error is noticed without a count',
      positive,
      defaultEconomics.horizonDays,
    )
    .option('--parameters <file>', 'learned parameters, as "truecount learn" writes them')
    .action(listCounts);
}

async function listCounts(file: string, options: CountListOptions): Promise<void> {
  const { belief } = await foldFile(file, await readParameters(options.parameters));
  const candidates: CountCandidate[] = [];
  for (const sku of belief.skus()) {
    const position = belief.position(sku);
    if (position !== undefined) candidates.push({ position, catalog: belief.catalog(sku) });
  }
  const limit = options.minutes === undefined ? { counts: options.counts } : { minutes: options.minutes };
  const economics = { ...defaultEconomics, horizonDays: options.horizon };
  for (const item of countList(candidates, limit, economics).items)
    process.stdout.write(`${JSON.stringify(item)}\n`);
}
