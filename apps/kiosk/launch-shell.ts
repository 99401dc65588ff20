/**
 * `npm run kiosk`: opens the built shell with Electron. Where the Electron binary is missing and cannot be
 * fetched it says so and names the way without it: the same screens in any browser.
 */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

function electronBinary(): string | undefined {
  try {
    const path: unknown = createRequire(import.meta.url)('electron');
    return typeof path === 'string' ? path : undefined;
  } catch {
    return undefined;
  }
}

const binary = electronBinary();
if (binary) {
  const main = fileURLToPath(new URL('dist-shell/main.mjs', import.meta.url));
  const child = spawn(binary, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  child.on('exit', (code) => process.exit(code ?? 1));
} else {
  process.stderr.write(
    'E_ELECTRON: the Electron binary is not on this machine and could not be fetched. ' +
      'Open the kiosk address that "npm start" prints in any browser: it shows the same screens.\n',
  );
  process.exitCode = 1;
}
