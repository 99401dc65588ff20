/**
 * `truecount rebuild`: checks a store's ledger from its first entry to its last and folds it anew into beliefs;
 * the next start of the agent goes on from there. With `--check` nothing is written.
 */
import { rebuildBelief } from '@truecount/device/rebuild';
import { Command } from 'commander';

interface RebuildOptions {
  readonly check: boolean;
}

export function rebuildCommand(): Command {
  return new Command('rebuild')
    .description("check a store's ledger and fold it anew into beliefs; stop its agent first")
    .argument('<dataFolder>', "the agent's data folder")
    .option('--check', 'check the chain only, also while the agent runs', false)
    .action(async (folder: string, { check }: RebuildOptions) => {
      const report = await rebuildBelief(folder, check);
      process.stdout.write(`${JSON.stringify(report)}\n`);
      if (!report.whole) process.exitCode = 1;
    });
}
