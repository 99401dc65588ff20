/** `truecount enrol`: this data folder becomes one of a hub's devices. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { CommandError } from './command-error.ts';

interface EnrolOptions {
  readonly hub?: string;
  readonly code: string;
  readonly data?: string;
  readonly config?: string;
  readonly ca?: string;
  readonly fingerprint?: string;
}

export function enrolCommand(): Command {
  return new Command('enrol')
    .description('make this device one of a hub’s, with a one-time code')
    .requiredOption('--code <code>', 'the code that the hub made, e.g. ABCD-EFGH')
    .option('--hub <url>', 'address of the hub’s API, https://hub:7380; needed unless the config has it')
    .option('--data <folder>', 'the store’s data folder')
    .option('-c, --config <file>', 'the agent’s config, which names the data folder')
    .option('--ca <file>', 'PEM of the authority that signed the hub’s certificate')
    .option('--fingerprint <sha256>', 'of the hub’s certificate, as its console shows it')
    .addHelpText(
      'after',
      `
Examples:
  truecount enrol --hub https://hub.example:7380 --code ABCD-EFGH --data ./harbour
  truecount store --data ./harbour

Cut short, it may be run again with the same code: the hub gives the same device the same answer.`,
    )
    .action(async (options: EnrolOptions) => {
      const { enrol } = await import('@truecount/device/enrolment');
      const { lockDataFolder } = await import('@truecount/device/ledger');
      const { readStart } = await import('@truecount/device/config');
      if (options.config === undefined && options.data === undefined)
        throw new CommandError('E_CONFIG', 'name the data folder with --data, or a config with --config');
      const start = readStart({
        ...(options.config === undefined ? {} : { file: options.config }),
        ...(options.data === undefined ? {} : { dataFolder: resolve(options.data) }),
      });
      const { dataFolder, enrolAt } = start.config;
      const hub = options.hub ?? enrolAt?.hub;
      if (hub === undefined)
        throw new CommandError('E_HUB_ADDRESS', 'name the hub with --hub https://hub:7380');
      const caFile = options.ca ?? enrolAt?.caFile;
      // A running agent would go on with what it has; it enrols from its own screen.
      const lock = lockDataFolder(dataFolder);
      const { result } = await enrol({
        dataFolder,
        hub,
        code: options.code,
        ...(caFile === undefined ? {} : { caPem: readFileSync(caFile, 'utf8') }),
        ...(options.fingerprint === undefined ? {} : { fingerprint: options.fingerprint }),
        ...(start.kind === 'agent' ? { store: start.config.store.id } : {}),
      }).finally(() => lock[Symbol.dispose]());
      const { store, device, broker } = result;
      process.stdout.write(
        `${JSON.stringify({ event: 'enrolled', store: store.id, device, broker: broker.url, dataFolder })}\n`,
      );
    });
}
