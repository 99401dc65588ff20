/** A Mosquitto server of the machine's own binary, on loopback, with the hub's access list. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { mosquittoAccessList, mosquittoConfig, mosquittoPasswordLine } from '../../hub/broker/index.ts';
import { freePort } from './free-port.ts';
import { findProgram } from './programs.ts';

export const mosquittoProgram: string | undefined = findProgram('mosquitto');

const HUB_USER = 'hub';
const HUB_SECRET = 'the-hub-of-a-test';

export interface MosquittoServer {
  readonly url: string;
  readonly hubCredentials: { readonly username: string; readonly password: string };
  /** For a hub that keeps the accounts itself. */
  readonly accounts: {
    readonly passwordFile: string;
    readonly pidFile: string;
    readonly furtherLines: string[];
  };
  /** Makes these lines, beside the hub's own, the password file. */
  admit(passwordLines: readonly string[]): Promise<void>;
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** @param tls PEM files; the server then answers `mqtts` */
export async function startMosquitto(tls?: {
  readonly certFile: string;
  readonly keyFile: string;
}): Promise<MosquittoServer> {
  if (!mosquittoProgram) throw new Error('Mosquitto is not installed: apt-get install mosquitto');
  const program = mosquittoProgram;
  const folder = mkdtempSync(join(tmpdir(), 'truecount-mosquitto-'));
  const passwordFile = join(folder, 'passwords');
  const accessFile = join(folder, 'access');
  const port = await freePort();
  const own = mosquittoPasswordLine(HUB_USER, HUB_SECRET);
  writeFileSync(passwordFile, `${own}\n`);
  writeFileSync(accessFile, mosquittoAccessList(HUB_USER));
  const pidFile = join(folder, 'pid');
  const config = mosquittoConfig({
    port,
    host: '127.0.0.1',
    passwordFile,
    accessFile,
    pidFile,
    ...(tls ? { tls: { certFile: tls.certFile, keyFile: tls.keyFile } } : {}),
  });
  const asRoot = process.getuid?.() === 0 ? 'user root\n' : '';
  writeFileSync(join(folder, 'mosquitto.conf'), asRoot + config);
  const launch = (): Promise<Launched> => launched(program, join(folder, 'mosquitto.conf'));
  let server = await launch();
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    const ended = once(server.process, 'exit');
    const { exitCode, signalCode } = server.process;
    if (exitCode === null && signalCode === null && server.process.kill(signal)) await ended;
  };
  return {
    url: `${tls ? 'mqtts' : 'mqtt'}://127.0.0.1:${port}`,
    accounts: { passwordFile, pidFile, furtherLines: [own] },
    hubCredentials: { username: HUB_USER, password: HUB_SECRET },
    admit: async (lines) => {
      writeFileSync(passwordFile, `${[own, ...lines].join('\n')}\n`);
      const reloaded = said(server, 'Reloading config');
      server.process.kill('SIGHUP');
      await reloaded;
    },
    kill,
    restart: async () => {
      server = await launch();
    },
    stop: async () => {
      await kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Launched {
  readonly process: ChildProcess;
  readonly lines: Interface;
}

async function launched(program: string, config: string): Promise<Launched> {
  const process = spawn(program, ['-c', config, '-v'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const server = { process, lines: createInterface(process.stderr) };
  // Read on for as long as the server lives: a full pipe would stop it.
  server.lines.on('line', () => undefined);
  await said(server, ' running');
  return server;
}

function said({ lines }: Launched, text: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let log = '';
  const onLine = (line: string): void => {
    log += `${line}\n`;
    if (line.includes(text)) resolve();
  };
  const onClose = (): void => reject(new Error(`mosquitto ended before it said "${text}":\n${log}`));
  lines.on('line', onLine).once('close', onClose);
  return promise.finally(() => lines.off('line', onLine).off('close', onClose));
}
