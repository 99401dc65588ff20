/** `truecount store`: one store agent from a config file. Events go to stdout as JSON lines, the log to stderr. */
import { Command } from 'commander';

interface StoreOptions {
  readonly config: string;
}

export function storeCommand(): Command {
  return new Command('store')
    .description('run one store agent from a config file')
    .requiredOption('-c, --config <file>', 'the agent’s config, JSON')
    .addHelpText(
      'after',
      `
The smallest config, a store that works alone:
  { "store": { "id": "harbour", "name": "Harbour", "timeZone": "Europe/Berlin", "currency": "EUR" },
    "dataFolder": "./harbour" }`,
    )
    .action(async ({ config: path }: StoreOptions) => {
      const { readAgentConfig } = await import('@truecount/device/config');
      const { startAgent } = await import('@truecount/device/main');
      const config = readAgentConfig(path);
      const agent = await startAgent(config, {
        say: (event) => process.stdout.write(`${JSON.stringify({ store: config.store.id, ...event })}\n`),
      });
      await untilAskedToStop();
      await agent.close();
    });
}

/** Resolves at the first signal; a second one ends the process at once, as people expect of Ctrl-C. */
function untilAskedToStop(): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.off(signal, stop);
        process.once(signal, () => process.exit(130));
      }
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  });
}
