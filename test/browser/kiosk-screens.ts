/** The kiosk's screens as they are shipped. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const kiosk = fileURLToPath(new URL('../../apps/kiosk/', import.meta.url));

/** @returns the folder that an agent serves, inside the given one */
export async function buildKioskScreens(folder: string): Promise<string> {
  const screensFolder = join(folder, 'screens');
  await build({
    root: join(kiosk, 'screens'),
    configFile: join(kiosk, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: screensFolder, emptyOutDir: true },
  });
  return screensFolder;
}
