/** `truecount hub`: one hub from a config file. Events go to stdout as JSON lines, the log to stderr. */
import { Command } from 'commander';
import { boundMemory } from './bound-memory.ts';
import { CommandError } from './command-error.ts';
import { enrolCodeCommand } from './enrol-code.ts';
import { untilStopped, whileStdinOption } from './until-stopped.ts';

interface HubOptions {
  readonly config?: string;
  readonly whileStdin: boolean;
}

export function hubCommand(): Command {
  return new Command('hub')
    .description('run one hub from a config file')
    .option('-c, --config <file>', 'the hub’s config, JSON; needed to run a hub')
    .addCommand(enrolCodeCommand())
    .enablePositionalOptions()
    .addOption(whileStdinOption())
    .addHelpText(
      'after',
      `
The smallest config, a hub with its own database and broker:
  { "dataFolder": "./hub",
    "stores": [{ "id": "harbour", "name": "Harbour", "timeZone": "Europe/Berlin", "currency": "EUR" }] }

DATABASE_URL in the environment names a PostgreSQL server instead of the hub's own database.`,
    )
    .action(async ({ config: path, whileStdin }: HubOptions) => {
      if (path === undefined) throw new CommandError('E_CONFIG', 'name the hub’s config with --config');
      const { readHubConfig } = await import('@truecount/hub/config');
      const { startHub } = await import('@truecount/hub/main');
      boundMemory();
      const read = readHubConfig(path);
      const databaseUrl = process.env['DATABASE_URL'];
      const config = databaseUrl === undefined ? read : { ...read, databaseUrl };
      const say = (event: object): void => void process.stdout.write(`${JSON.stringify(event)}\n`);
      const hub = await startHub(config, { say });
      say({ event: 'ready', url: hub.url, mqttUrl: hub.mqttUrl, publicKeyPem: hub.publicKeyPem });
      await untilStopped(whileStdin);
      await hub.close();
    });
}
