/** The Ask screen in a real Chromium, with a real agent that has one card and the shipped model. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GuidanceEvent, instant, NowView, parserFor } from '@truecount/protocol';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseAgentConfig } from '../../device/config.ts';
import { AnswerLog } from '../../device/guidance/index.ts';
import { type RunningAgent, startAgent } from '../../device/main.ts';
import { accessibilityProblems, launchChromium, mustSkipBrowser, picture } from './chromium.ts';
import { buildKioskScreens } from './kiosk-screens.ts';

const parseEvent = parserFor(GuidanceEvent);
const parseNow = parserFor(NowView);
const READY_WITHIN_MS = 60_000;
const minutesAgo = (minutes: number): string => instant(Date.now() - minutes * 60_000);

const folder = mkdtempSync(join(tmpdir(), 'ask-screen-'));
const dataFolder = join(folder, 'data');
let agent: RunningAgent;
let browser: Browser;
let page: Page;

/** More was sold than was on record: a card. */
function booksOfOneCard(): string {
  const file = join(folder, 'books.ndjson');
  const lines = [
    { t: minutesAgo(90), type: 'catalog', sku: '1', name: 'Oat drink 1 l', price: 2.5, cost: 1.4 },
    { t: minutesAgo(80), type: 'record', sku: '1', qty: 1 },
    { t: minutesAgo(60), type: 'sale', sku: '1', qty: 12 },
  ];
  writeFileSync(file, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
  return file;
}

const answer = () => page.getByTestId('answer');
async function ask(question: string): Promise<void> {
  await page.getByTestId('ask-input').fill(question);
  await page.getByTestId('ask-go').click();
}
const whole = () =>
  page.locator('[data-testid=answer][data-state=whole]').waitFor({ timeout: READY_WITHIN_MS });

describe.skipIf(mustSkipBrowser)('the Ask screen', { timeout: 2 * READY_WITHIN_MS }, () => {
  beforeAll(async () => {
    const screensFolder = await buildKioskScreens(folder);
    agent = await startAgent(
      parseAgentConfig({
        store: { id: 'harbour', name: 'Harbour Street', timeZone: 'Europe/Berlin', currency: 'EUR' },
        dataFolder,
        api: { port: 0 },
        screensFolder,
        log: { level: 'silent' },
        tickMs: 50,
        feeds: [{ kind: 'ndjson', name: 'books', file: booksOfOneCard() }],
      }),
    );
    browser = await launchChromium();
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
    page = await context.newPage();
    const exceptionId = await vi.waitFor(
      async () => {
        const now = parseNow(await (await fetch(`${agent.url}/api/now`)).json());
        const found = now.ok ? now.value.cards[0]?.exceptionId : undefined;
        if (found === undefined) throw new Error('there is no card yet');
        return found;
      },
      { timeout: READY_WITHIN_MS, interval: 200 },
    );
    await page.goto(`${agent.url}/#/ask?exception=${encodeURIComponent(exceptionId)}`);
    await page.getByTestId('ask-screen').waitFor({ timeout: READY_WITHIN_MS });
  }, 3 * READY_WITHIN_MS);
  afterAll(async () => {
    await browser?.close();
    await agent?.close();
  });

  it('has the usual questions about a card one touch away', async () => {
    await page.getByTestId('ask.why').click();
    await whole();
    expect(await page.getByTestId('answer-steps').locator('li').count()).toBeGreaterThan(0);
    expect(await page.getByTestId('answer-said').innerText()).not.toBe('');
  });

  it('shows the steps before the sentence is finished, once the model is ready', async () => {
    // Until its process has loaded, the procedures answer in their own words, at once and whole.
    await expect
      .poll(
        async () => {
          await ask('wat do i do with this one');
          await whole();
          return page.locator('.ask-by').innerText();
        },
        { timeout: READY_WITHIN_MS },
      )
      .toContain('truecount guide');
    const lines = page.waitForResponse((response) => response.url().endsWith('/api/guidance'));
    await ask('right where do i begin with it');
    const kinds = (await (await lines).text())
      .trim()
      .split('\n')
      .map((line) => {
        const event = parseEvent(JSON.parse(line));
        return event.ok ? event.value.type : event.problem;
      });
    expect(kinds[0]).toBe('steps');
    expect(kinds.at(-1)).toBe('advice');
    await whole();
  });

  it('has the procedure one touch away, and nothing for axe to find in light or dark', async () => {
    await page.getByTestId('answer-source').click();
    const first = await page.getByTestId('answer-steps').locator('li').first().innerText();
    await page.locator('.ask-paragraphs').getByText(first).waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await picture(page, `kiosk-ask${colorScheme === 'dark' ? '-dark' : ''}`);
      expect(await accessibilityProblems(page)).toEqual([]);
    }
  });

  it('keeps a verdict that is given by touch', async () => {
    await page.getByTestId('verdict-right').click();
    await page.getByTestId('verdict-thanks').waitFor({ timeout: READY_WITHIN_MS });
    using log = new AnswerLog(join(dataFolder, 'guidance.sqlite'));
    expect(log.judged()).toMatchObject([{ kind: 'negative-record', topic: 'act', right: true }]);
  });

  it('says that it has no answer to what no procedure knows', async () => {
    await ask('who won the football last night?');
    await whole();
    expect(await answer().innerText()).toContain('manager on duty');
    expect(await page.getByTestId('answer-steps').count()).toBe(0);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await picture(page, `kiosk-ask-abstained${colorScheme === 'dark' ? '-dark' : ''}`);
      expect(await accessibilityProblems(page)).toEqual([]);
    }
  });
});
