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
import type { AgentConfig } from '../config.ts';
import { startSync } from '../sync/index.ts';
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
    hub: {
      url: hub.url,
      username: hub.username ?? hub.device,
      password: hub.password ?? '',
      ...(hub.caPem === undefined ? {} : { ca: hub.caPem }),
    },
    identity: { ...core.ledger.identity, lineage: [...core.ledger.identity.lineage], store: config.store.id },
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
