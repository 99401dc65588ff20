/** `truecount audit verify`: walks the hub's audit chain and prints the first broken link. */
import { resolve } from 'node:path';
import { AuditVerdict, parserFor } from '@truecount/protocol';
import { Command } from 'commander';
import { askHubApi } from './ask-hub-api.ts';
import { CommandError } from './command-error.ts';

interface VerifyOptions {
  readonly data: string;
  readonly keyFile?: string;
  readonly hub?: string;
  readonly key?: string;
}

const parseVerdict = parserFor(AuditVerdict);

export function auditCommand(): Command {
  const verify = new Command('verify')
    .description('recompute every hash and signature, and compare the end with the anchor')
    .option('--data <folder>', 'the data folder of a hub that is stopped', '.truecount/hub')
    .option('--key-file <file>', 'the hub’s key, when it is not in its data folder')
    .option('--hub <url>', 'ask a running hub instead')
    .option('--key <key>', 'an operator’s API key for the running hub')
    .addHelpText(
      'after',
      `
Examples:
  truecount audit verify                                          the demo's hub, stopped
  truecount audit verify --hub http://127.0.0.1:7400 --key KEY    a running hub
  DATABASE_URL=postgres://... truecount audit verify --data ./hub a hub with a PostgreSQL server

Prints {"ok":true,"entries":N,"head":"..."} or {"ok":false,"brokenAt":N,"problem":"..."}; exit status 1 when broken.`,
    )
    .action(async (options: VerifyOptions) => {
      const verdict =
        options.hub === undefined ? await ofStopped(options) : await ofRunning(options.hub, options.key);
      process.stdout.write(`${JSON.stringify(verdict)}\n`);
      if (!verdict.ok) process.exitCode = 1;
    });
  return new Command('audit').description('the hub’s audit chain').addCommand(verify);
}

async function ofStopped(options: VerifyOptions): Promise<AuditVerdict> {
  const { verifyStoppedHub } = await import('@truecount/hub/verify-data');
  return verifyStoppedHub({
    dataFolder: resolve(options.data),
    keyFile: options.keyFile,
    databaseUrl: process.env['DATABASE_URL'],
  });
}

async function ofRunning(url: string, key: string | undefined): Promise<AuditVerdict> {
  const verdict = parseVerdict(await askHubApi({ url, key, path: '/api/audit/verify' }));
  if (verdict.ok) return verdict.value;
  throw new CommandError('E_HUB_ANSWER', `${url} answered no verdict (${verdict.problem}); is it a hub?`);
}
