/** `truecount hub enrol-code`: a one-time code for a device, from a running hub. */
import { IssuedCode, parserFor } from '@truecount/protocol';
import { Command } from 'commander';
import { askHubApi } from './ask-hub-api.ts';
import { CommandError } from './command-error.ts';

interface CodeOptions {
  readonly store: string;
  readonly device?: string;
  readonly minutes?: string;
  readonly config?: string;
  readonly hub?: string;
  readonly key?: string;
}

const parse = parserFor(IssuedCode);

export function enrolCodeCommand(): Command {
  return new Command('enrol-code')
    .description('make a one-time code for a device of a store')
    .requiredOption('--store <id>', 'the store that the device belongs to')
    .option('--device <id>', 'its name; default: <store>-agent. One that exists gets new credentials')
    .option('--minutes <n>', 'how long the code is good; default 60')
    .option('-c, --config <file>', 'the hub’s config: says where the hub answers, and an administrator’s key')
    .option('--hub <url>', 'where the hub answers')
    .option('--key <key>', 'an administrator’s API key')
    .addHelpText(
      'after',
      `
Examples:
  truecount hub enrol-code --config hub.json --store harbour
  truecount hub enrol-code --hub https://hub.example:7380 --key KEY --store harbour --device harbour-till-2`,
    )
    .action(async (options: CodeOptions) => {
      const known = options.config === undefined ? undefined : await hubOf(options.config);
      const url = options.hub ?? known?.url;
      if (url === undefined)
        throw new CommandError('E_HUB_ADDRESS', 'name the hub with --hub, or its config with --config');
      const answer = parse(
        await askHubApi({
          url,
          key: options.key ?? known?.key,
          path: '/api/devices/codes',
          body: {
            store: options.store,
            ...(options.device === undefined ? {} : { device: options.device }),
            ...(options.minutes === undefined ? {} : { minutes: Number(options.minutes) }),
          },
        }),
      );
      if (!answer.ok) throw new CommandError('E_HUB_ANSWER', `${url}: ${answer.problem}`);
      process.stdout.write(`${JSON.stringify(answer.value)}\n`);
    });
}

/** Where the hub of this config answers, and the key of an administrator when the config has one in plain. */
async function hubOf(file: string): Promise<{ readonly url: string; readonly key: string | undefined }> {
  const { readHubConfig } = await import('@truecount/hub/config');
  const { api, operators } = readHubConfig(file);
  const host = api.host === '0.0.0.0' || api.host === '::' ? '127.0.0.1' : api.host;
  return {
    url: `${api.tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${api.port}`,
    key: operators.find(({ role, key }) => role === 'admin' && key !== undefined)?.key,
  };
}
