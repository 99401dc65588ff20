/** `truecount restore`: a store's ledger from a backup, under a new epoch so that nothing is merged silently. */
import { restoreLedger } from '@truecount/device/ledger';
import { Command } from 'commander';

export function restoreCommand(): Command {
  return new Command('restore')
    .description("put a store's ledger back from a backup, under a new epoch; stop its agent first")
    .argument('<file>', 'a backup made by "truecount backup"')
    .argument(
      '<dataFolder>',
      "the agent's data folder; a ledger that is there is kept beside the restored one",
    )
    .action(async (file: string, folder: string) => {
      const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
      const restored = await restoreLedger(file, folder, stamp);
      process.stdout.write(`${JSON.stringify({ restored: folder, ...restored })}\n`);
    });
}
