/** A real Chromium for the screens' tests: Debian's, found where it is usually installed. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';

const candidates = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

export const chromiumPath = candidates.find((path) => path !== undefined && existsSync(path));

/** Set when the test may be left out; with CI=true a missing browser is a failure. */
export const mustSkipBrowser = chromiumPath === undefined && process.env['CI'] !== 'true';
if (mustSkipBrowser)
  process.stderr.write(
    'skipped: browser tests, because chromium is not installed (apt-get install chromium)\n',
  );

export function launchChromium(): Promise<Browser> {
  if (!chromiumPath) throw new Error('chromium is not installed (apt-get install chromium)');
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** Where pictures go: the README's folder when they are to be renewed, else a folder that git ignores. */
const pictures =
  process.env['TRUECOUNT_SCREENSHOTS'] ?? fileURLToPath(new URL('../.artifacts/screens', import.meta.url));

export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  // As it looks once everything has faded to where it goes.
  await page.screenshot({ path: join(pictures, `${name}.png`), animations: 'disabled' });
}

/** Every violation of WCAG 2.2 A and AA that axe finds, one line each. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // A screen that is still fading in has other colours than the one people read.
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))),
  );
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  return violations.map(
    ({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ html }) => html).join('; ')})`,
  );
}
