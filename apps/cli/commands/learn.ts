/** `truecount learn`: fits a store's error rates to its own history, or asks a store's agent what it has learned. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Observation } from '@truecount/protocol';
import { parseObservation } from '@truecount/protocol';
import { type FitState, inOrder, learn } from '@truecount/device/learning';
import { Command } from 'commander';
import { bytesOf, readParameters } from './fold-file.ts';
import { learnAtStore, type LearnAtStoreOptions } from './learn-at-store.ts';
import { linesOf } from './lines.ts';

interface LearnFileOptions {
  readonly champion?: string;
  readonly out?: string;
  readonly heldOut: string;
  readonly maxSkus: string;
  readonly state?: string;
}

export function learnCommand(): Command {
  return new Command('learn')
    .description("fit a store's error rates to its own history; prints the result as one JSON object")
    .argument('[file]', 'observations (NDJSON); - or nothing reads stdin', '-')
    .option('--champion <file>', 'parameters in use now; the defaults without it')
    .option('--out <file>', 'where to write the parameters to use from now on')
    .option('--held-out <days>', 'days at the end that judge instead of teaching', '14')
    .option('--max-skus <number>', 'SKUs that teach, evenly drawn', '1500')
    .option('--state <file>', 'progress is kept here; a stopped run goes on from it')
    .option('--data <folder>', "what a store's agent has learned, from its data folder; also while it runs")
    .option('--versions', 'with --data: every version, newest first')
    .option('--revert [version]', 'with --data: go back to a version, or to the one before the present')
    .option('--now', "with --data: learn now instead of in the store's next quiet hours")
    .addHelpText(
      'after',
      `
  truecount learn history.ndjson --out parameters.json
  truecount learn --data ./harbour             what is in force, and how far tonight's learning is
  truecount learn --data ./harbour --versions
  truecount learn --data ./harbour --revert`,
    )
    .action((file: string, options: LearnFileOptions & Partial<LearnAtStoreOptions>) => {
      const { data } = options;
      return data === undefined ? learnFile(file, options) : learnAtStore({ ...options, data });
    });
}

async function learnFile(file: string, options: LearnFileOptions): Promise<void> {
  const champion = await readParameters(options.champion);
  const resume = options.state === undefined ? undefined : await readState(options.state);
  const observations = await readObservations(file);
  const saving: Promise<void>[] = [];
  const result = await learn(inOrder(observations), {
    ...(champion === undefined ? {} : { champion }),
    ...(resume === undefined ? {} : { resume }),
    heldOutDays: Number(options.heldOut),
    maxSkus: Number(options.maxSkus),
    onProgress: (progress) => {
      if (progress.phase !== 'fitting') return;
      const { state, moved } = progress.fit;
      if (process.stderr.isTTY)
        process.stderr.write(
          `step ${state.step}: log-likelihood ${state.best?.logLikelihood.toFixed(1) ?? '(next sample)'}, moved ${moved.toFixed(3)}\n`,
        );
      if (options.state !== undefined) saving.push(writeWhole(options.state, JSON.stringify(state)));
    },
  });
  await Promise.all(saving);
  if (options.out !== undefined)
    await writeWhole(options.out, `${JSON.stringify(result.parameters, null, 2)}\n`);
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

/** A reader never sees half a file. */
async function writeWhole(file: string, text: string): Promise<void> {
  const fresh = `${file}.${process.pid}.${text.length}.tmp`;
  await writeFile(fresh, text);
  await rename(fresh, file);
}

async function readState(file: string): Promise<FitState | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as FitState;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function readObservations(file: string): Promise<Observation[]> {
  const observations: Observation[] = [];
  let number = 0;
  for await (const lines of linesOf(bytesOf(file)))
    for (const text of lines) {
      number++;
      if (text.trim() === '') continue;
      const parsed = parseText(text);
      if (parsed.ok) observations.push(parsed.value);
      else {
        process.stderr.write(`line ${number}: ${parsed.problem}; skipped\n`);
        process.exitCode = 2;
      }
    }
  return observations;
}

function parseText(text: string): ReturnType<typeof parseObservation> {
  try {
    return parseObservation(JSON.parse(text));
  } catch {
    return { ok: false, problem: 'not valid JSON' };
  }
}
