/** A throwaway PostgreSQL server of the machine's own binaries, on loopback, in a temporary folder. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from './free-port.ts';
import { findProgram } from './programs.ts';

const DEBIAN = '/usr/lib/postgresql';
/** The server refuses to run as root, so root hands it to this user. */
const NOBODY = 65_534;

const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
const initdb = findProgram(
  'initdb',
  versions.map((version) => join(DEBIAN, version, 'bin')),
);
export const postgresProgram: string | undefined = initdb && join(dirname(initdb), 'postgres');

export interface PostgresServer {
  /** Makes an empty database and gives its URL. */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

export async function startPostgres(): Promise<PostgresServer> {
  if (!initdb || !postgresProgram) throw new Error('PostgreSQL is not installed: apt-get install postgresql');
  const folder = mkdtempSync(join(tmpdir(), 'truecount-postgres-'));
  const as = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if (as.uid) chownSync(folder, NOBODY, NOBODY);
  const options = { cwd: folder, ...as };
  await promisify(execFile)(initdb, ['-D', folder, '-U', 'hub', '-A', 'trust', '-E', 'UTF8', '-N'], options);
  const port = await freePort();
  const settings = [
    'fsync=off',
    'unix_socket_directories=',
    'listen_addresses=127.0.0.1',
    'max_connections=200',
  ];
  const server = spawn(
    postgresProgram,
    ['-D', folder, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    { ...options, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  await untilReady(server);
  let databases = 0;
  return {
    createDatabase: async () => {
      const name = `trial_${(databases += 1)}`;
      const client = new pg.Client(`postgres://hub@127.0.0.1:${port}/postgres`);
      await client.connect();
      await client.query(`CREATE DATABASE ${name}`);
      await client.end();
      return `postgres://hub@127.0.0.1:${port}/${name}`;
    },
    stop: async () => {
      const ended = once(server, 'exit');
      // Immediate shutdown: nothing here has to survive.
      if (server.exitCode === null && server.kill('SIGQUIT')) await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilReady(server: ChildProcess): Promise<void> {
  if (!server.stderr) throw new Error('the server has no error output');
  const lines = createInterface(server.stderr);
  let said = '';
  for await (const line of lines) {
    said += `${line}\n`;
    if (line.includes('database system is ready to accept connections')) {
      server.stderr.resume();
      return;
    }
  }
  throw new Error(`PostgreSQL did not start:\n${said}`);
}
