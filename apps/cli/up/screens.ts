/** Builds the web screens when they are missing or older than their sources. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const APPS = ['kiosk', 'console'] as const;

export interface BuiltScreens {
  readonly kiosk: string;
  readonly console: string;
}

/** @param say one line per build, since the first one takes seconds */
export async function ensureScreens(say: (text: string) => void): Promise<BuiltScreens> {
  for (const app of APPS) {
    const sources = [join('apps', app, 'screens'), 'apps/screens', 'protocol'].map((path) =>
      join(root, path),
    );
    const built = join(root, 'apps', app, 'dist/index.html');
    if (existsSync(built) && statSync(built).mtimeMs >= Math.max(...sources.map(newestChange))) continue;
    say(`building the ${app} screens (once)`);
    await build(app);
  }
  return { kiosk: join(root, 'apps/kiosk/dist'), console: join(root, 'apps/console/dist') };
}

function newestChange(folder: string): number {
  let newest = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) newest = Math.max(newest, statSync(join(entry.parentPath, entry.name)).mtimeMs);
  return newest;
}

async function build(app: string): Promise<void> {
  const child = spawn(
    process.execPath,
    [
      join(root, 'node_modules/vite/bin/vite.js'),
      'build',
      '--logLevel',
      'error',
      '--config',
      join(root, 'apps', app, 'vite.config.ts'),
    ],
    // Whoever asks, a test included, gets the build that ships.
    { env: { ...process.env, NODE_ENV: 'production' }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let problem = '';
  child.stderr.on('data', (chunk: Buffer) => {
    problem = (problem + chunk.toString('utf8')).slice(-2000);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
  if (code !== 0) throw new Error(`building the ${app} screens failed: ${problem.trim()}`);
}
