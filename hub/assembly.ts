/** What every part of a starting hub is given. */
import { join } from 'node:path';
import type { Clock } from '@truecount/protocol';
import type { Logger } from 'pino';
import type { Happening } from './cases/index.ts';
import type { HubConfig } from './config.ts';
import type { Database } from './database/index.ts';
import type { HubKey } from './governance/index.ts';

/** A line for whoever watches the process: `event` for programs, `text` for people. */
export type HubEvent = Happening;

export interface Assembly {
  readonly config: HubConfig;
  readonly say: (event: HubEvent) => void;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly key: HubKey;
  readonly database: Database;
  /** What stops the parts, in the order in which they were started. */
  readonly open: (() => Promise<void> | void)[];
}

export const keyFileOf = (config: Pick<HubConfig, 'dataFolder' | 'keyFile'>): string =>
  config.keyFile ?? join(config.dataFolder, 'hub-key.pem');
export const anchorFileOf = (config: Pick<HubConfig, 'dataFolder'>): string =>
  join(config.dataFolder, 'audit-head.json');
