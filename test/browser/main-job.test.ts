/**
 * The main job, as people do it: an exception on a kiosk, a proposal at the hub, a manager's PIN, an approval,
 * both stores see the transfer move, and the audit chain verifies. In a real Chromium against the real demo.
 */
import type { Browser, Page } from 'playwright-core';
import {
  CasePage,
  HubTransferView,
  type NowCard,
  NowView,
  parserFor,
  type PolicyBundle,
  ProductView,
  TransferView,
} from '@truecount/protocol';
import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoStores } from '../../apps/cli/up/scenario.ts';
import { DemoRun } from '../demo/demo-run.ts';
import { accessibilityProblems, launchChromium, mustSkipBrowser, picture } from './chromium.ts';

const SIZE = { width: 1280, height: 800 };
/** A newcomer waits no longer than this for something to approve. */
const PROPOSAL_WITHIN_MS = 120_000;

const parseNow = parserFor(NowView);
const parseProduct = parserFor(ProductView);
const parseTransfers = parserFor(Type.Array(TransferView));
const parseCases = parserFor(CasePage);
const parseHubTransfers = parserFor(Type.Array(HubTransferView));

let demo: DemoRun;
let browser: Browser;

function parsed<T>(result: { ok: true; value: T } | { ok: false; problem: string }): T {
  if (!result.ok) throw new Error(result.problem);
  return result.value;
}
const now = async (store: string) => parsed(parseNow(await demo.store(store, 'now')));
const transfers = async (store: string) => parsed(parseTransfers(await demo.store(store, 'transfers')));

/** The first of the stores of which the question holds. */
async function storeWhere(
  holds: (view: NowView) => boolean,
  withinMs: number,
): Promise<(typeof demoStores)[number]> {
  const found: { store?: (typeof demoStores)[number] } = {};
  await expect
    .poll(
      async () => {
        for (const store of demoStores) if (holds(await now(store.id))) found.store ??= store;
        return found.store !== undefined;
      },
      { timeout: withinMs, interval: 500 },
    )
    .toBe(true);
  if (!found.store) throw new Error('no store');
  return found.store;
}

async function openPage(url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: SIZE, locale: 'en-GB' });
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** In both themes: a picture, and nothing for axe to find. */
async function inspect(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await picture(page, colorScheme === 'light' ? name : `${name}-dark`);
    expect(await accessibilityProblems(page), `${name}, ${colorScheme}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
}

beforeAll(async () => {
  if (mustSkipBrowser) return;
  demo = new DemoRun();
  [browser] = await Promise.all([launchChromium(), demo.ready()]);
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await demo?.stop();
  demo?.remove();
}, 60_000);

describe.skipIf(mustSkipBrowser)('the main job', { timeout: 240_000 }, () => {
  it('shows an associate what is worth doing, with its reasons', async () => {
    const store = await storeWhere((view) => view.cards.length > 0, PROPOSAL_WITHIN_MS);
    const page = await openPage(demo.storeUrl(store.id));
    await page.getByTestId('now-card').first().waitFor();
    expect(await page.getByTestId('now-card').first().textContent()).toMatch(/Count|Restock|Ship|Pick/);
    await inspect(page, 'kiosk-now');
    await page.getByTestId('nav-look-up').click();
    await page.getByTestId('search').fill('eggs');
    await page.getByTestId('match').first().click();
    await page.getByTestId('product').waitFor();
    await inspect(page, 'kiosk-look-up');
    await page.getByTestId('nav-health').click();
    await page.getByTestId('health-status').waitFor();
    await inspect(page, 'kiosk-health');
    await page.context().close();
  });

  it('lets a manager approve a proposal, which then moves at both stores', async () => {
    const store = await storeWhere((view) => view.approvals > 0, PROPOSAL_WITHIN_MS);
    const page = await openPage(demo.storeUrl(store.id));
    await page.getByTestId('nav-approve').click();
    await page.getByTestId('pin-pad').waitFor();
    await inspect(page, 'kiosk-pin');
    for (const digit of store.pin) await page.getByTestId(`key-${digit}`).click();
    await page.getByTestId('pin-submit').click();
    await page.getByTestId('decision-card').waitFor();
    await inspect(page, 'kiosk-approve');

    const before = (await transfers(store.id)).filter(({ stage }) => stage === 'proposed');
    await page.getByTestId('approve').click();
    const approved = async () => {
      const after = await transfers(store.id);
      return after.find(
        ({ transfer, stage }) =>
          stage !== 'proposed' &&
          stage !== 'declined' &&
          before.some((earlier) => earlier.transfer.id === transfer.id),
      );
    };
    await expect.poll(async () => (await approved())?.stage, { timeout: 20_000 }).toBeDefined();
    const chosen = (await approved())?.transfer;
    if (!chosen) throw new Error('nothing was approved');

    const stageAt = async (side: string) =>
      (await transfers(side)).find(({ transfer }) => transfer.id === chosen.id)?.stage;
    for (const side of [chosen.from, chosen.to])
      await expect
        .poll(() => stageAt(side), { timeout: 90_000, interval: 500 })
        .toMatch(/shipped|received|closed/);
    await page.getByTestId('nav-transfers').click();
    await page.getByTestId('transfer').first().waitFor();
    await inspect(page, 'kiosk-transfers');
    const atHub = async () =>
      parsed(parseHubTransfers(await demo.hub('transfers'))).find(({ transfer }) => transfer.id === chosen.id)
        ?.stage;
    await expect.poll(atHub, { timeout: 60_000, interval: 500 }).toMatch(/received|closed/);
    await page.getByTestId('nav-board').click();
    await page.getByTestId('board-at-stake').waitFor();
    await inspect(page, 'kiosk-board');
    await page.context().close();
  });

  it('takes a count at the kiosk in a few touches', async () => {
    const isDoubted = ({ kind, exceptionKind }: NowCard): boolean =>
      kind === 'count' && ['phantom-stock', 'hidden-stock', 'negative-record'].includes(exceptionKind ?? '');
    const store = await storeWhere((view) => view.cards.some(isDoubted), PROPOSAL_WITHIN_MS);
    const card = (await now(store.id)).cards.find(isDoubted);
    const page = await openPage(
      `${demo.storeUrl(store.id)}/#/count/${card?.product?.sku ?? ''}?task=${card?.id ?? ''}`,
    );
    await page.getByTestId('count-display').waitFor();
    const product = parsed(parseProduct(await demo.store(store.id, `products/${card?.product?.sku ?? ''}`)));
    // Any number that no record has said: only then is there a cause to ask for.
    const said = [product.record, ...(card?.why ?? []).flatMap(({ params }) => Object.values(params))];
    const counted = [3, 4, 5, 6, 7].find((qty) => !said.includes(qty));
    await page.getByTestId(`key-${counted}`).click();
    await inspect(page, 'kiosk-count');
    await page.getByTestId('count-save').click();
    await page.getByTestId('cause-misplaced').waitFor();
    await inspect(page, 'kiosk-cause');
    await page.getByTestId('cause-misplaced').click();
    await page.getByTestId('now-screen').waitFor();
    await expect
      .poll(async () => (await now(store.id)).cards.some(({ id }) => id === card?.id), { timeout: 20_000 })
      .toBe(false);
    await page.context().close();
  });

  it('shows regional operations the stores, the cases, the plan and a whole audit chain', async () => {
    const page = await openPage(demo.hubUrl);
    await page.getByTestId('key').fill(demo.operatorKey);
    await inspect(page, 'console-sign-in');
    await page.getByTestId('sign-in-submit').click();
    for (const [screen, content] of [
      ['stores', 'stores-page'],
      ['cases', 'cases-page'],
      ['plan', 'plan-page'],
      ['transfers', 'transfers-page'],
      ['policies', 'policies-page'],
      ['audit', 'audit-page'],
    ] as const) {
      await page.getByTestId(`nav-${screen}`).click();
      await page.getByTestId(content).waitFor();
      await inspect(page, `console-${screen}`);
    }
    await page.getByTestId('nav-policies').click();
    await page.getByTestId('policy-scope').click();
    await page.getByRole('option', { name: demoStores[1]?.name ?? '' }).click();
    const risk = page.getByTestId('setting-alpha');
    await risk.fill('12');
    await risk.press('Tab');
    await page.getByText(/^was \d+/).waitFor();
    // Looking at another scope in between loses nothing.
    for (const scope of ['whole chain', demoStores[1]?.name ?? '']) {
      await page.getByTestId('policy-scope').click();
      await page.getByRole('option', { name: scope }).click();
    }
    await page.getByText(/^was \d+/).waitFor();
    await page.getByTestId('policy-as-json').click();
    const draft = JSON.parse(await page.getByTestId('policy-bundle').inputValue()) as PolicyBundle;
    expect([draft.scope, draft.planner.alpha]).toEqual([demoStores[1]?.id, 0.12]);
    await page.getByTestId('policy-as-json').click();
    await page.getByTestId('policy-scope').scrollIntoViewIfNeeded();
    await inspect(page, 'console-policy-draft');
    await page.getByTestId('policy-start-over').click();
    await page.getByText(/^was \d+/).waitFor({ state: 'detached' });
    const cases = parsed(parseCases(await demo.hub('cases')));
    await page.goto(`${demo.hubUrl}/#/cases/${cases.items[0]?.id ?? ''}`);
    await page.getByTestId('case-page').waitFor();
    await inspect(page, 'console-case');
    await page.goto(`${demo.hubUrl}/#/stores/${demoStores[0]?.id ?? ''}`);
    await page.getByTestId('store-page').waitFor();
    await inspect(page, 'console-store');
    await page.getByTestId('nav-audit').click();
    await page.getByTestId('verify').click();
    await expect
      .poll(() => page.getByTestId('verdict').textContent(), { timeout: 30_000 })
      .toMatch(/whole|intact|verif/i);
    await expect.poll(() => demo.hub('audit/verify')).toMatchObject({ ok: true });
    await page.context().close();
  });
});
