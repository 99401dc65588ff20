/** Builds the Electron side into `dist-shell`: the main process, its preload, and the agent in one file. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

for (const part of ['production', 'preload', 'agent', 'night']) {
  const built = spawnSync(
    process.execPath,
    [
      file('../../node_modules/vite/bin/vite.js'),
      'build',
      '--logLevel',
      'error',
      '--config',
      file('vite.shell.config.ts'),
      '--mode',
      part,
    ],
    { stdio: 'inherit' },
  );
  if (built.status !== 0) process.exit(built.status ?? 1);
}
