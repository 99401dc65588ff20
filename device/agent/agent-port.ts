/** The store core as the API sees it. */
import type { Clock, FeedHealth, FeedObservation } from '@truecount/protocol';
import type { AgentPort, GuidancePort, HealthCheck } from '../api/index.ts';
import type { AgentConfig } from '../config.ts';
import type { CameraDesk } from './camera-desk.ts';
import type { HubLink } from './hub-link.ts';
import { heardAbout } from './heard-about.ts';
import type { StoreCore } from './store-core.ts';

export interface AgentPortOptions {
  readonly config: AgentConfig;
  readonly core: StoreCore;
  readonly clock: Clock;
  readonly version: string;
  readonly feeds: () => readonly FeedHealth[];
  readonly cameras: CameraDesk;
  readonly hub: () => Pick<HubLink, 'view'>;
  readonly guidance?: GuidancePort | undefined;
}

export function agentPort(options: AgentPortOptions): AgentPort {
  const { config, core, clock, version, feeds, cameras, hub } = options;
  const { ledger, keeper, grants } = core;
  return {
    store: config.store,
    clock,
    version,
    ledger,
    collections: core.documents.collections,
    ...(options.guidance === undefined ? {} : { guidance: options.guidance }),
    belief: () => keeper.belief,
    policy: () => grants.policy(),
    staff: () => grants.staff(),
    sync: () => hub().view(),
    feeds,
    cameras: () => cameras,
    checks: () => checks(options),
    closed: () =>
      config.shell === undefined || config.shell.isLocked
        ? undefined
        : `this machine is not locked to the kiosk: ${config.shell.gaps.join('; ')}`,
    learning: () => core.night.view(),
    attention: (task, reason) => core.attention.factorOf(task, reason),
    heard: (sku, limit) => heardAbout(ledger, sku, limit),
    observe: (feed, observations) => core.intake.observe(feed, observations),
    takeBack: async (entryId, by: FeedObservation) => {
      const entry = ledger.find(entryId);
      if (entry === undefined) return;
      await core.intake.observe('kiosk', [by]);
      await keeper.takeBack(entry);
    },
    settle: (skus) => core.stock.settle(skus),
    transferChanged: (transfer) => core.transfers.follow(transfer),
  };
}

/** What somebody should look at. An outage is none of it: the store is made for that. */
function checks({ core, feeds, cameras, hub, config }: AgentPortOptions): readonly HealthCheck[] {
  const silent = feeds().flatMap(({ name, state, message }) => {
    return state === 'up' ? [] : [`${name} is ${state}${message === undefined ? '' : ` (${message})`}`];
  });
  const refused = core.grants.refused().map(({ id, problem }) => `${id}: ${problem}`);
  const { fenced, quarantined } = hub().view();
  const check = (name: string, problems: readonly string[], good: string): HealthCheck => ({
    name,
    ok: problems.length === 0,
    text: problems.length === 0 ? good : problems.slice(0, 5).join('; '),
  });
  return [
    check('feeds', silent, `${feeds().length} heard`),
    ...(config.vision === undefined ? [] : [check('cameras', camerasDown(cameras), 'every camera is seen')]),
    check('grants', refused, 'policies and staff are signed by the hub'),
    check('device', fenced === undefined ? [] : [fenced], 'the hub knows this device'),
    check(
      'documents',
      quarantined === 0 ? [] : [`the hub set ${quarantined} aside; operations can see why`],
      'the hub took every document',
    ),
    ...(config.shell === undefined
      ? []
      : [check('lock-down', config.shell.gaps, 'this machine is locked to the kiosk')]),
    check(
      'hub',
      [],
      config.hub === undefined ? 'this store works without a hub' : `reached through ${config.hub.url}`,
    ),
  ];
}

const camerasDown = (desk: CameraDesk): readonly string[] =>
  desk
    .views()
    .flatMap(({ camera, state, message }) =>
      state === 'down' ? [`${camera}: ${message ?? 'no picture comes in'}`] : [],
    );
