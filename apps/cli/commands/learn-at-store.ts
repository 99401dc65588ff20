/**
 * What a store has learned, asked of its data folder: versions, the way back, and the night's progress. The agent may run
 * meanwhile: it looks at the same file and takes over what is put in force.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { MODEL_FILE, ModelStore, type NightProgress } from '@truecount/device/learning';
import { DataFolderInUseError, lockDataFolder } from '@truecount/device/ledger';
import { CommandError } from './command-error.ts';

export interface LearnAtStoreOptions {
  readonly data: string;
  readonly versions?: boolean;
  readonly revert?: string | true;
  readonly now?: boolean;
}

const BY = 'command line';
const LOOK_EVERY_MS = 500;

export async function learnAtStore(options: LearnAtStoreOptions): Promise<void> {
  const { data } = options;
  if (!existsSync(join(data, MODEL_FILE)))
    throw new CommandError(
      'E_NO_MODELS',
      `${data} holds nothing learned; name the agent's data folder, and start the agent once`,
    );
  using models = new ModelStore(data);
  if (options.versions === true) printVersions(models);
  else if (options.revert !== undefined) revert(models, options.revert);
  else await follow(models, data, options.now === true);
}

const print = (value: unknown): boolean => process.stdout.write(`${JSON.stringify(value)}\n`);

function printVersions(models: ModelStore): void {
  const { version, since, by } = models.inForce();
  for (const { parameters: _, ...one } of models.versions())
    print({ ...one, ...(one.id === version ? { inForce: { since, by } } : {}) });
}

function revert(models: ModelStore, wanted: string | true): void {
  const was = models.inForce().version;
  const version = wanted === true ? models.previous() : wanted;
  if (version === undefined)
    throw new CommandError('E_MODEL_VERSION', `${was} is what was shipped; there is nothing before it`);
  models.putInForce(version, new Date().toISOString(), BY);
  print({ inForce: version, was });
}

/** Prints how things stand; on a terminal, and where somebody has asked for a run, until it is over. */
async function follow(models: ModelStore, folder: string, isWanted: boolean): Promise<void> {
  const before = models.get('last')?.finishedAt;
  if (isWanted) {
    if (!isInUse(folder))
      throw new CommandError(
        'E_NO_AGENT',
        `no agent runs on ${folder}; start it, or learn from a file of observations`,
      );
    models.keep('wanted', { at: new Date().toISOString(), by: BY });
  }
  const isWatched = process.stderr.isTTY;
  const isUnderWay = (): boolean =>
    (isWanted || (isWatched && models.get('progress') !== undefined)) &&
    models.get('last')?.finishedAt === before &&
    isInUse(folder);
  let shown = '';
  while (isUnderWay()) {
    const progress = models.get('progress');
    if (isWatched && progress !== undefined) shown = show(progress, shown);
    await wait(LOOK_EVERY_MS);
  }
  if (shown !== '') process.stderr.write('\n');
  const { fit: _, ...progress } = models.get('progress') ?? {};
  print({
    ...models.inForce(),
    ...(models.get('progress') === undefined ? {} : { progress }),
    ...(models.get('last') === undefined ? {} : { last: models.get('last') }),
  });
}

const BAR = 30;

function show({ phase, share, fit }: NightProgress, before: string): string {
  const done = Math.round(share * BAR);
  const step = fit === undefined ? '' : `, step ${fit.step}`;
  const line = `[${'#'.repeat(done)}${'.'.repeat(BAR - done)}] ${Math.round(share * 100)} % ${phase}${step}`;
  if (line !== before) process.stderr.write(`\r${line.padEnd(before.length)}`);
  return line;
}

/** An agent holds the folder while it runs. */
function isInUse(folder: string): boolean {
  try {
    lockDataFolder(folder)[Symbol.dispose]();
    return false;
  } catch (error) {
    if (error instanceof DataFolderInUseError) return true;
    throw error;
  }
}
