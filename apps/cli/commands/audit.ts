/** `truecount audit verify`: walks the hub's audit chain and prints the first broken link. */
import { resolve } from 'node:path';
import { AuditVerdict, parserFor } from '@truecount/protocol';
import { Command } from 'commander';

class AuditCommandError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

interface VerifyOptions {
  readonly data: string;
  readonly keyFile?: string;
  readonly hub?: string;
  readonly key?: string;
}

/** Long chains take a while; a hub that does not answer at all is not waited for. */
const HUB_WITHIN_MS = 120_000;
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
  if (key === undefined) throw new AuditCommandError('E_KEY_MISSING', 'a running hub asks for --key');
  const address = `${url.replace(/\/$/, '')}/api/audit/verify`;
  let response: Response;
  try {
    response = await fetch(address, {
      headers: { authorization: `Bearer ${key}` },
      signal: AbortSignal.timeout(HUB_WITHIN_MS),
    });
  } catch (error) {
    const reason =
      error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : '';
    throw new AuditCommandError(
      'E_HUB_UNREACHABLE',
      `${address} does not answer (${reason}); is the hub running?`,
    );
  }
  const body: unknown = await response.json().catch(() => undefined);
  const verdict = parseVerdict(body);
  if (response.ok && verdict.ok) return verdict.value;
  const detail =
    typeof body === 'object' && body !== null && 'detail' in body ? String(body.detail) : response.statusText;
  throw new AuditCommandError('E_HUB_REFUSED', `the hub answered ${response.status}: ${detail}`);
}
