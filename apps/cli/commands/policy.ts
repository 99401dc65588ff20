/** `truecount policy`: what a policy would have decided, how two differ, and putting one into force, at a running hub. */
import { readFileSync } from 'node:fs';
import { createHubClient, type HubClient } from '@truecount/hub-client';
import { parserFor, PolicyBundle } from '@truecount/protocol';
import { Command } from 'commander';
import { CommandError } from './command-error.ts';

interface HubOptions {
  readonly hub: string;
  readonly key?: string;
}

const DEFAULT_HUB = 'http://127.0.0.1:7380';
const parseBundle = parserFor(PolicyBundle);

export function policyCommand(): Command {
  const command = new Command('policy').description('policies of a running hub: try, compare, publish');
  const withHub = (sub: Command): Command =>
    sub
      .option('--hub <url>', 'where the hub answers', DEFAULT_HUB)
      .option('--key <key>', 'an API key; default: the environment’s TRUECOUNT_KEY');
  withHub(command.command('trial <bundle.json>'))
    .description('what this bundle would have decided about past cases; changes nothing')
    .option('--days <n>', 'how far back', '90')
    .action(async (file: string, options: HubOptions & { readonly days: string }) => {
      const bundle = readBundle(file);
      const days = Number(options.days);
      if (!(days > 0)) throw new CommandError('E_DAYS', `--days is a number of days, not ${options.days}`);
      const { data, error } = await clientFor(options).POST('/api/policies/trial', {
        body: { bundle, days } as never,
      });
      print(data, error);
    });
  withHub(command.command('diff <from> <to>'))
    .description('settings in which two published bundles differ; ids as in /api/policies')
    .action(async (from: string, to: string, options: HubOptions) => {
      const { data, error } = await clientFor(options).GET('/api/policies/diff', {
        params: { query: { from, to } },
      });
      for (const change of data ?? []) print(change, undefined);
      if (error) print(undefined, error);
    });
  withHub(command.command('publish <bundle.json>'))
    .description('sign and publish a bundle; it comes into force at its effectiveFrom')
    .action(async (file: string, options: HubOptions) => {
      const { data, error } = await clientFor(options).POST('/api/policies', {
        body: { bundle: readBundle(file) } as never,
      });
      print(data, error);
    });
  return command.addHelpText(
    'after',
    `
Examples:
  truecount policy trial next.json --days 90 --key KEY
  truecount policy diff "policy|*|2" "policy|*|3" --key KEY
  truecount policy publish next.json --key KEY`,
  );
}

function clientFor({ hub, key }: HubOptions): HubClient {
  const given = key ?? process.env['TRUECOUNT_KEY'];
  if (given === undefined) throw new CommandError('E_KEY', 'give an API key with --key or in TRUECOUNT_KEY');
  return createHubClient({
    url: hub,
    key: given,
    fetch: (request) =>
      fetch(request).catch((error: unknown) => {
        throw new CommandError(
          'E_UNREACHABLE',
          `no answer from the hub at ${hub}; is it running? (${String(error)})`,
        );
      }),
  });
}

function readBundle(file: string): PolicyBundle {
  const parsed = parseBundle(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.ok)
    throw new CommandError('E_POLICY_FILE', `${file} is not a policy bundle: ${parsed.problem}`);
  return parsed.value;
}

function print(data: unknown, error: unknown): void {
  if (data === undefined) {
    const { code = 'E_HUB_ANSWER', detail = 'the hub refused without a reason' } = (error ?? {}) as {
      readonly code?: string;
      readonly detail?: string;
    };
    throw new CommandError(code, detail);
  }
  process.stdout.write(`${JSON.stringify(data)}\n`);
}
