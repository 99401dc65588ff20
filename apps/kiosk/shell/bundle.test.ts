import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const kiosk = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'truecount-bundle-'));

beforeAll(() => {
  const built = spawnSync(process.execPath, [join(kiosk, 'build-shell.ts')], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`the shell does not build: ${built.stderr}`);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packaged shell', () => {
  it('has a preload that imports nothing but Electron', () => {
    const preload = readFileSync(join(kiosk, 'dist-shell/preload.cjs'), 'utf8');
    expect(preload.match(/require\(["']([^"']+)["']\)/g)).toEqual(['require("electron")']);
  });

  it('brings an agent that runs outside the repository', async () => {
    cpSync(join(kiosk, 'dist-shell'), join(folder, 'app'), { recursive: true });
    const config = join(folder, 'store.json');
    writeFileSync(
      config,
      JSON.stringify({
        store: { id: 'harbour', name: 'Harbour', timeZone: 'UTC', currency: 'EUR' },
        dataFolder: join(folder, 'data'),
        api: { port: 0 },
      }),
    );
    const agent = spawn(process.execPath, [join(folder, 'app/agent.mjs'), 'store', '--config', config], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = new Promise((resolve) => agent.once('exit', resolve));
    try {
      const url = await new Promise<string>((resolve, reject) => {
        agent.once('exit', (code) => reject(new Error(`the agent ended with status ${code}`)));
        createInterface({ input: agent.stdout }).on('line', (line) => {
          const url = /"event":"ready","url":"([^"]+)"/.exec(line)?.[1];
          if (url) resolve(url);
        });
      });
      const health = await fetch(`${url}/api/health`);
      expect(await health.json()).toMatchObject({ status: 'ok', store: { id: 'harbour' } });
    } finally {
      agent.kill('SIGTERM');
      await ended;
    }
  }, 60_000);
});
