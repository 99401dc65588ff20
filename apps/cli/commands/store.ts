/** `truecount store`: one store agent from a config file. Events go to stdout as JSON lines, the log to stderr. */
import { Command } from 'commander';
import { untilStopped, whileStdinOption } from './until-stopped.ts';

interface StoreOptions {
  readonly config: string;
  readonly whileStdin: boolean;
}

export function storeCommand(): Command {
  return new Command('store')
    .description('run one store agent from a config file')
    .requiredOption('-c, --config <file>', 'the agent’s config, JSON')
    .addOption(whileStdinOption())
    .addHelpText(
      'after',
      `
The smallest config, a store that works alone:
  { "store": { "id": "harbour", "name": "Harbour", "timeZone": "Europe/Berlin", "currency": "EUR" },
    "dataFolder": "./harbour" }`,
    )
    .action(async ({ config: path, whileStdin }: StoreOptions) => {
      const { readAgentConfig } = await import('@truecount/device/config');
      const { startAgent } = await import('@truecount/device/main');
      const shell = process.env['TRUECOUNT_SHELL_CHECK'];
      const config = readAgentConfig(
        path,
        shell === undefined ? {} : { shell: JSON.parse(shell) as unknown },
      );
      const agent = await startAgent(config, {
        say: (event) => process.stdout.write(`${JSON.stringify({ store: config.store.id, ...event })}\n`),
      });
      await untilStopped(whileStdin);
      await agent.close();
    });
}
