/**
 * `npm run kiosk`: builds the shell and opens it with Electron. Where the Electron binary is missing and cannot
 * be fetched it says so and names the way without it: the same screens in any browser.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

function electronBinary(): string | undefined {
  try {
    const path: unknown = createRequire(import.meta.url)('electron');
    return typeof path === 'string' ? path : undefined;
  } catch {
    return undefined;
  }
}

for (const mode of ['production', 'preload']) {
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
      mode,
    ],
    { stdio: 'inherit' },
  );
  if (built.status !== 0) process.exit(built.status ?? 1);
}
const binary = electronBinary();
if (binary) {
  const child = spawn(binary, [file('dist-shell/main.mjs'), ...process.argv.slice(2)], { stdio: 'inherit' });
  child.on('exit', (code) => process.exit(code ?? 1));
} else {
  process.stderr.write(
    'E_ELECTRON: the Electron binary is not on this machine and could not be fetched. ' +
      'Open the kiosk address that "npm start" prints in any browser: it shows the same screens.\n',
  );
  process.exitCode = 1;
}
