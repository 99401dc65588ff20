/** The link to the hub: documents replicate through it, urgent exceptions go ahead, the hub's wishes come in. */
import {
  type Clock,
  type Command,
  type Exception,
  type FeedHealth,
  instant,
  type SyncView,
  taxonomy,
} from '@truecount/protocol';
import type { Logger } from 'pino';
import type { AgentConfig, HubLink as HubConfig } from '../config.ts';
import { askStanding, keepSecret } from '../enrolment/index.ts';
import { type Refusal, startSync, type SyncOptions } from '../sync/index.ts';
import { insertOnce } from './exception-writer.ts';
import type { StoreCore } from './store-core.ts';

export interface HubLink {
  view(): SyncView;
  alert(exception: Exception): void;
  close(): Promise<void>;
}

/** A store without a hub works alone; it is in an outage that nobody expects to end. */
export const noHub = (since: string): HubLink => ({
  view: () => ({ online: false, since, waiting: 0, quarantined: 0 }),
  alert: () => undefined,
  close: () => Promise.resolve(),
});

export interface HubLinkOptions {
  readonly config: AgentConfig;
  readonly core: StoreCore;
  readonly clock: Clock;
  readonly version: string;
  readonly logger: Logger;
  readonly feeds: () => readonly FeedHealth[];
  readonly onChange: () => void;
}

/** What has to be acted on within this time does not wait its turn. */
const URGENT_HOURS = 1;

export async function linkToHub(options: HubLinkOptions): Promise<HubLink> {
  const { config, core, clock, version, logger, feeds, onChange } = options;
  const { hub } = config;
  if (hub === undefined) return noHub(instant(clock.now()));
  const sync = await startSync({
    collections: core.documents.collections,
    clock,
    hub: addressOf(hub),
    ...(hub.generation === undefined ? {} : ofEnrolment(config.dataFolder)),
    identity: {
      ...core.ledger.identity,
      lineage: [...core.ledger.identity.lineage],
      store: config.store.id,
      // The journal may be older than the enrolment, and have begun under a name of its own.
      device: hub.device,
    },
    version,
    feeds,
    onAccepted: () => core.ledger.confirmStart(),
    onCommand: (command) => {
      logger.info({ kind: command.kind, id: command.id }, 'the hub asks');
      obey(command, core, clock).catch((error: unknown) =>
        logger.error({ err: error }, 'could not do what the hub asks'),
      );
    },
    onWarning: (text) => logger.warn(text),
  });
  const stop = sync.onChange(onChange);
  return {
    view: () => sync.status(),
    alert: (exception) => {
      if (taxonomy[exception.kind].dueHours <= URGENT_HOURS) sync.alert(exception);
    },
    close: () => {
      stop();
      return sync.close();
    },
  };
}

const addressOf = (hub: HubConfig): SyncOptions['hub'] => ({
  url: hub.url,
  username: hub.username ?? hub.device,
  password: hub.password ?? '',
  ...(hub.caPem === undefined ? {} : { ca: hub.caPem }),
  ...(hub.previousPassword === undefined ? {} : { previousPassword: hub.previousPassword }),
  ...(hub.generation === undefined ? {} : { generation: hub.generation }),
});

/** A device that enrolled with a code keeps rotated secrets, and can ask why it is not let in. */
const ofEnrolment = (dataFolder: string): Pick<SyncOptions, 'onSecret' | 'askWhy'> => ({
  onSecret: (secret) => keepSecret(dataFolder, secret),
  askWhy: async (): Promise<Refusal | undefined> => {
    const standing = await askStanding(dataFolder);
    if (standing?.state === 'revoked')
      return {
        because: 'revoked',
        text: `This device's access to the hub was withdrawn: ${standing.reason}`,
      };
    if (standing?.state === 'replaced')
      return {
        because: 'credentials',
        text: 'Another device has enrolled in the place of this one. Stop one of the two, or enrol this one again.',
      };
    return undefined;
  },
});

const COUNT_WITHIN_MS = 4 * 3_600_000;

/** A count that the hub asks for is a task like any other; the rest the sync has done already. */
async function obey(command: Command, core: StoreCore, clock: Clock): Promise<void> {
  if (command.kind !== 'ask-count') return;
  const { bundle } = core.grants.policy();
  const now = clock.now();
  const name = core.keeper.belief.catalog(command.sku)?.name;
  await insertOnce(core.documents.collections, {
    id: `count-${command.id}`.slice(0, 128),
    store: core.ledger.store,
    kind: 'count',
    sku: command.sku,
    ...(name === undefined ? {} : { name }),
    createdBy: 'store',
    createdAt: instant(now),
    dueAt: instant(now + COUNT_WITHIN_MS),
    value: { minor: 0, currency: bundle.currency },
    minutes: bundle.labour.minutesPerCount,
    because: command.reason,
  });
}
