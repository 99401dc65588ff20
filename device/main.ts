/**
 * The store agent's composition root: feeds -> ledger -> belief -> exceptions -> documents -> sync -> api.
 *
 * States: starting -> running -> closing -> closed. A start resumes from the ledger, also after `kill -9`; an
 * outage of the hub changes nothing but the sync view. One agent per data folder.
 */
import {
  type Clock,
  type FeedHealth,
  instant,
  scaledClock,
  type ScanPush,
  type SyncView,
  systemClock,
} from '@truecount/protocol';
import { type DestinationStream, type Logger, pino } from 'pino';
import { type SayEvent, syncEvent } from './agent/agent-events.ts';
import { agentPort } from './agent/agent-port.ts';
import { enrolAgain } from './agent/enrol-again.ts';
import { type FeedRunner, runFeeds } from './agent/feed-runner.ts';
import { openGuidance } from './agent/guidance-service.ts';
import { startHeartbeat } from './agent/heartbeat.ts';
import { openCameras } from './agent/open-cameras.ts';
import { shelfFactsOf } from './agent/shelf-facts.ts';
import { type HubLink, linkToHub, noHub } from './agent/hub-link.ts';
import { returnLeases } from './agent/lease-keeper.ts';
import { openStoreCore, type StoreCore } from './agent/store-core.ts';
import { type ApiServer, type ChangeTopic, startApi } from './api/index.ts';
import { type AgentConfig, hubLinkOf } from './config.ts';
import { lockDataFolder } from './ledger/index.ts';
import manifest from './package.json' with { type: 'json' };

export type { AgentEvent } from './agent/agent-events.ts';

export interface AgentDependencies {
  /** Instead of the config's clock. */
  readonly clock?: Clock;
  /** Told of everything noteworthy. */
  readonly say?: SayEvent;
  /** Where log lines go; stderr when absent. */
  readonly log?: DestinationStream;
}

export interface RunningAgent {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts one store agent; resolves when its API answers. */
export async function startAgent(config: AgentConfig, deps: AgentDependencies = {}): Promise<RunningAgent> {
  const lock = lockDataFolder(config.dataFolder);
  const closing: (() => Promise<void> | void)[] = [() => lock[Symbol.dispose]()];
  // Borders first, store last: nothing comes in while what was taken in is put away.
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).toReversed()) await step();
  };
  try {
    const url = await start(config, deps, closing);
    return { url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  config: AgentConfig,
  deps: AgentDependencies,
  closing: (() => Promise<void> | void)[],
): Promise<string> {
  const clock = deps.clock ?? (config.clock === undefined ? systemClock : scaledClock(config.clock));
  const logger = pino(
    { level: config.log.level, base: { store: config.store.id } },
    deps.log ?? pino.destination(2),
  );
  const say = deps.say ?? ((): void => undefined);
  let feeds: FeedRunner | undefined;
  let notify: ApiServer['notify'] = () => undefined;
  const feedHealth = (): readonly FeedHealth[] => feeds?.health() ?? [];
  let hub: HubLink = noHub(instant(clock.now()));

  const core = await openStoreCore({
    config,
    version: manifest.version,
    clock,
    logger,
    say,
    onOpened: (exception) => hub.alert(exception),
    feeds: feedHealth,
  });
  closing.push(() => core.close());

  const cameras = await openCameras({
    config: config.vision,
    dataFolder: config.dataFolder,
    clock,
    logger,
    observe: (feed, batch) => core.intake.observe(feed, batch),
    judge: (findings) => core.stock.judge(findings),
    factsOf: shelfFactsOf(core, config.store.currency, () => clock.now()),
    onChange: () => notify(['shelf', 'health']),
  });
  closing.push(() => cameras.close());

  const guidance = openGuidance({ config, core, clock, logger, isOnline: () => hub.view().online });
  closing.push(async () => guidance?.close());

  const api = await startApi({
    agent: agentPort({
      config,
      core,
      clock,
      version: manifest.version,
      feeds: feedHealth,
      cameras,
      hub: () => hub,
      guidance: guidance?.port,
    }),
    setUp: enrolAgain(config, (record) => link({ ...config, hub: hubLinkOf(record) })),
    host: config.api.host,
    port: config.api.port,
    allowedHosts: config.api.allowedHosts,
    logger,
    ...(config.screensFolder === undefined ? {} : { screensFolder: config.screensFolder }),
  });
  closing.push(() => api.close());
  notify = (topics) => api.notify(topics);
  closing.push(tellScreens(core, api));
  closing.push(startBeats({ config, core, clock, logger }, api));
  const heardOfHub = newsOfHub(() => hub.view(), say, api);
  const link = async (linked: AgentConfig): Promise<void> => {
    const before = hub;
    hub = noHub(instant(clock.now()));
    await before.close();
    hub = await linkToHub({
      config: linked,
      core,
      clock,
      version: manifest.version,
      logger,
      feeds: feedHealth,
      onChange: heardOfHub,
    });
  };
  await link(config);
  closing.push(() => hub.close());
  heardOfHub();
  feeds = runFeeds({
    configs: config.feeds,
    dataFolder: config.dataFolder,
    now: () => clock.now(),
    logger,
    say,
    skuOf: core.products.find,
    observe: (feed, batch) => core.intake.observe(feed, batch),
    onGap: (feed, missing) => core.feedWatch.gap(feed, missing),
    onScan: ({ text, gtin }) => api.tellScan(scanPush(core, text, gtin)),
    onHealth: () => api.notify(['health']),
  });
  closing.push(() => feeds?.close());
  say({ event: 'ready', url: api.url, store: config.store.id, text: `kiosk at ${api.url}` });
  return api.url;
}

function scanPush(core: StoreCore, text: string, gtin: string | undefined): ScanPush {
  const sku = gtin === undefined ? undefined : core.products.known({ gtin });
  return { text, ...(gtin === undefined ? {} : { gtin }), ...(sku === undefined ? {} : { sku }) };
}

interface Parts {
  readonly config: AgentConfig;
  readonly core: StoreCore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The regular work: time passes, SKUs are looked at, feeds are listened to, the belief is written down. */
function startBeats({ config, core, clock, logger }: Parts, api: ApiServer): () => Promise<void> {
  const onError = (error: unknown): void => logger.error({ err: error }, 'a regular task failed');
  const tick = startHeartbeat(
    config.tickMs,
    async () => {
      if (core.imports.isImporting) return;
      await core.keeper.release();
      await core.keeper.advance(clock.now());
      await core.stock.tick();
      await returnLeases(core.documents.collections, clock.now());
      await core.stock.judge(core.feedWatch.findings());
      await core.night.tick();
      api.notify(['products', 'health']);
    },
    onError,
  );
  const snapshot = startHeartbeat(config.snapshotMs, async () => core.keeper.save(), onError);
  return async () => {
    await tick.stop();
    await snapshot.stop();
  };
}

/** A document that changed, here or at the hub, is something to load again. */
function tellScreens(core: StoreCore, api: ApiServer): () => void {
  const { tasks, exceptions, transfers, staff, policies, leases } = core.documents.collections;
  const tell = (topics: readonly ChangeTopic[]) => (): void => api.notify(topics);
  const subscriptions = [
    tasks.$.subscribe(tell(['now'])),
    exceptions.$.subscribe(tell(['now', 'products'])),
    transfers.$.subscribe(tell(['transfers', 'now'])),
    leases.$.subscribe(tell(['products'])),
    staff.$.subscribe(tell(['session'])),
    policies.$.subscribe(tell(['transfers', 'health'])),
  ];
  return () => {
    for (const subscription of subscriptions) subscription.unsubscribe();
  };
}

/** Says when the hub is lost, found, or refuses this device; screens hear of every change. */
function newsOfHub(view: () => SyncView, say: SayEvent, api: ApiServer): () => void {
  let before: Pick<SyncView, 'online' | 'fenced'> = { online: false };
  return () => {
    const now = view();
    if (now.online !== before.online || now.fenced !== before.fenced) say(syncEvent(now));
    before = now;
    api.notify(['sync']);
  };
}
