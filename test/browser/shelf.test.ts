/** The Shelf screen in a real Chromium, with a real agent whose camera is a folder with one rendered shelf. */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAgentConfig } from '../../device/config.ts';
import { type RunningAgent, startAgent } from '../../device/main.ts';
import { accessibilityProblems, launchChromium, mustSkipBrowser, picture } from './chromium.ts';
import { buildKioskScreens } from './kiosk-screens.ts';

const shelves = fileURLToPath(new URL('../../device/vision/vectors/shelves/', import.meta.url));
const READY_WITHIN_MS = 60_000;

const planogram = {
  id: 'bay-2',
  rows: [
    ['Oat drink 1 l', 'Soy drink 1 l', 'Rice drink 1 l'],
    ['Muesli 500 g', 'Cornflakes 400 g', 'Porridge 350 g'],
    ['Pasta 500 g', 'Tomato sauce 400 g'],
  ].map((names, row) => ({
    products: names.map((name, i) => ({ sku: `${row}-${i}`, name, facings: 2 + ((row + i) % 3) })),
  })),
};

let agent: RunningAgent;
let browser: Browser;
let page: Page;

describe.skipIf(mustSkipBrowser)('the Shelf screen', () => {
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'shelf-screen-'));
    const pictures = join(folder, 'pictures');
    mkdirSync(pictures);
    const file = readdirSync(shelves).find((name) => name.endsWith('.jpg')) ?? '';
    copyFileSync(join(shelves, file), join(pictures, file));
    writeFileSync(join(folder, 'bay.json'), JSON.stringify(planogram));
    const screensFolder = await buildKioskScreens(folder);
    agent = await startAgent(
      parseAgentConfig({
        store: { id: 'harbour', name: 'Harbour Street', timeZone: 'Europe/Berlin', currency: 'EUR' },
        dataFolder: join(folder, 'data'),
        api: { port: 0 },
        screensFolder,
        log: { level: 'silent' },
        vision: {
          cameras: [
            {
              name: 'aisle-4-bay-2',
              source: { kind: 'folder', folder: pictures },
              planogram: join(folder, 'bay.json'),
              everySeconds: 0.2,
            },
          ],
        },
      }),
    );
    browser = await launchChromium();
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
    page = await context.newPage();
    await page.goto(`${agent.url}/#/shelf`);
    await page.getByTestId('shelf-picture').waitFor({ timeout: READY_WITHIN_MS });
  }, 2 * READY_WITHIN_MS);
  afterAll(async () => {
    await browser?.close();
    await agent?.close();
  });

  it(
    'shows picture and plan side by side, with nothing for axe to find',
    async () => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await picture(page, `kiosk-shelf${colorScheme === 'dark' ? '-dark' : ''}`);
        expect(await accessibilityProblems(page)).toEqual([]);
      }
      expect(await page.locator('.shelf-box').count()).toBeGreaterThan(3);
    },
    READY_WITHIN_MS,
  );

  it(
    'takes a correction by touch',
    async () => {
      const product = page.getByTestId('shelf-product-0-0');
      const wanted = /\n1/.test(await product.innerText()) ? '2' : '1';
      await product.click();
      await page.getByTestId('quantity').fill(wanted);
      await page.getByTestId('quantity').press('Tab');
      await picture(page, 'kiosk-shelf-correct');
      await page.getByTestId('shelf-say').click();
      await page.getByTestId('shelf-judged').waitFor({ timeout: READY_WITHIN_MS });
      expect(await product.innerText()).toContain(`${wanted} of 2`);
    },
    READY_WITHIN_MS,
  );
});
