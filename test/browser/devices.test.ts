/**
 * A device's way through its screens, in a real Chromium against a real hub and a real agent: set up with a code that
 * the console made, refused when its access is withdrawn, back with a new code.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureScreens } from '../../apps/cli/up/screens.ts';
import { startStore } from '../../device/start-store.ts';
import { parseHubConfig } from '../../hub/config.ts';
import { type Hub, startHub } from '../../hub/main.ts';
import { accessibilityProblems, launchChromium, mustSkipBrowser, picture } from './chromium.ts';

const ADMIN = 'admin-key-abcdefghijklmnopqrst';
const SIZE = { width: 1280, height: 800 };

describe.skipIf(mustSkipBrowser)('a device and its screens', { timeout: 180_000 }, () => {
  let folder: string;
  let browser: Browser;
  let hub: Hub;
  let store: Awaited<ReturnType<typeof startStore>>;
  let kiosk: Page;
  let office: Page;

  const open = async (url: string): Promise<Page> => {
    const page = await (await browser.newContext({ viewport: SIZE, locale: 'en-GB' })).newPage();
    await page.goto(url);
    return page;
  };
  /** In both themes: a picture, and nothing for axe to find. */
  const inspect = async (page: Page, name: string): Promise<void> => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await picture(page, colorScheme === 'light' ? name : `${name}-dark`);
      expect(await accessibilityProblems(page), `${name}, ${colorScheme}`).toEqual([]);
    }
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  };
  /** The code that an administrator sees and reads out. */
  const newCode = async (): Promise<string> => {
    await office.getByTestId('issue-code').click();
    return (await office.getByTestId('issued-code').locator('.code-letters').textContent()) ?? '';
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'truecount-devices-'));
    const screens = await ensureScreens(() => undefined);
    hub = await startHub(
      parseHubConfig({
        dataFolder: join(folder, 'hub'),
        consoleFolder: screens.console,
        api: { port: 0 },
        broker: { listen: { host: '127.0.0.1', port: 0 } },
        stores: ['Harbour', 'Market'].map((name) => ({
          id: name.toLowerCase(),
          name,
          timeZone: 'UTC',
          currency: 'EUR',
        })),
        operators: [{ name: 'Ada', role: 'admin', key: ADMIN }],
        log: { level: 'silent' },
      }),
    );
    store = await startStore({
      dataFolder: join(folder, 'harbour'),
      more: { api: { port: 0 }, screensFolder: screens.kiosk, log: { level: 'silent' } },
    });
    browser = await launchChromium();
    [kiosk, office] = await Promise.all([open(store.url), open(hub.url)]);
    await office.getByTestId('key').fill(ADMIN);
    await office.getByTestId('sign-in-submit').click();
    await office.getByTestId('nav-devices').click();
    await office.getByTestId('devices-page').waitFor();
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await store?.close();
    await hub?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('set up with a code: a wrong one is said in words, the right one brings the store', async () => {
    await kiosk.getByTestId('hub-address').fill(hub.url);
    await kiosk.getByTestId('code').fill('zzzz zzzz');
    await kiosk.getByTestId('enrol').click();
    expect(await kiosk.getByTestId('code-problem').textContent()).toContain('does not know this code');
    await inspect(kiosk, 'kiosk-set-up');
    await kiosk.getByTestId('code').fill(await newCode());
    await inspect(office, 'console-devices');
    await kiosk.getByTestId('enrol').click();
    await expect
      .poll(() => kiosk.getByTestId('store-name').textContent(), { timeout: 60_000 })
      .toBe('Harbour');
  });

  it('refused when its access is withdrawn, with the reason and what to do; a new code brings it back', async () => {
    await office.getByTestId('device-harbour-agent').click();
    await office.getByTestId('revoke-reason').fill('the kiosk was reported stolen');
    await office.getByTestId('revoke').click();
    await kiosk.getByTestId('refused').waitFor({ timeout: 30_000 });
    await inspect(kiosk, 'kiosk-refused');
    await kiosk.getByTestId('refused-more').click();
    await kiosk.getByText('the kiosk was reported stolen').waitFor();
    await inspect(kiosk, 'kiosk-device');
    await inspect(office, 'console-device');
    await office.getByRole('button', { name: 'Close' }).click();
    await kiosk.getByTestId('code').fill(await newCode());
    await kiosk.getByTestId('enrol').click();
    await kiosk
      .getByTestId('sync-status')
      .and(kiosk.locator('[data-standing="connected"]'))
      .waitFor({ timeout: 30_000 });
    expect(await kiosk.getByTestId('refused').count()).toBe(0);
  });
});
