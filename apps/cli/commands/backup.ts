/** `truecount backup`: a checked copy of a store's ledger, made while the agent runs. */
import { backupLedger } from '@truecount/device/ledger';
import { Command } from 'commander';

export function backupCommand(): Command {
  return new Command('backup')
    .description("copy a store's ledger while it runs; the copy's chain is checked")
    .argument('<dataFolder>', "the agent's data folder")
    .argument('<file>', 'where the copy goes; an older one there is replaced')
    .action(async (folder: string, file: string) => {
      const verdict = await backupLedger(folder, file);
      process.stdout.write(`${JSON.stringify({ backup: file, ...verdict })}\n`);
    });
}
