/** `truecount store`: one store agent from a config file. Events go to stdout as JSON lines, the log to stderr. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { boundMemory } from './bound-memory.ts';
import { CommandError } from './command-error.ts';
import { untilStopped, whileStdinOption } from './until-stopped.ts';

interface StoreOptions {
  readonly config?: string;
  readonly data?: string;
  readonly whileStdin: boolean;
}

export function storeCommand(): Command {
  return new Command('store')
    .description('run one store agent from a config file')
    .option('-c, --config <file>', 'the agent’s config, JSON')
    .option('--data <folder>', 'the data folder; enough for a device that enrols with a code')
    .addOption(whileStdinOption())
    .addHelpText(
      'after',
      `
The smallest config, a store that works alone:
  { "store": { "id": "harbour", "name": "Harbour", "timeZone": "Europe/Berlin", "currency": "EUR" },
    "dataFolder": "./harbour" }

Without a config, a device that gets everything from its hub; the screen it opens asks for the code:
  truecount store --data ./harbour`,
    )
    .action(async ({ config, data, whileStdin }: StoreOptions) => {
      if (config === undefined && data === undefined)
        throw new CommandError('E_CONFIG', 'name a config with --config, or a data folder with --data');
      const { readStart } = await import('@truecount/device/config');
      const { startStore } = await import('@truecount/device/start-store');
      boundMemory();
      const shell = process.env['TRUECOUNT_SHELL_CHECK'];
      const options = {
        ...(config === undefined ? {} : { file: config }),
        ...(data === undefined ? {} : { dataFolder: resolve(data) }),
        ...(shell === undefined ? {} : { more: { shell: JSON.parse(shell) as unknown } }),
      };
      const start = readStart(options);
      let store = start.kind === 'agent' ? start.config.store.id : undefined;
      const agent = await startStore(options, {
        say: (event) => {
          // Known from the set-up on, where it was not known before.
          if (event.event === 'ready') store = event.store;
          process.stdout.write(
            `${JSON.stringify({ ...(store === undefined ? {} : { store }), ...event })}\n`,
          );
        },
      });
      await untilStopped(whileStdin);
      await agent.close();
    });
}
