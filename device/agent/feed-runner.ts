/**
 * Opens the store's feeds and ties them to the ledger. A feed that ends by itself stays visible as down; none of
 * them can stop another, or the agent.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FeedHealth, FeedObservation } from '@truecount/protocol';
import type { Logger } from 'pino';
import { createFeed, type Feed, type FeedConfig, type FeedListener, type SkuLookup } from '../feeds/index.ts';
import type { AppendResult } from '../ledger/index.ts';
import type { SayEvent } from './agent-events.ts';

export interface FeedRunnerOptions {
  readonly configs: readonly FeedConfig[];
  readonly dataFolder: string;
  readonly now: () => number;
  readonly logger: Logger;
  readonly say: SayEvent;
  readonly skuOf: SkuLookup;
  readonly observe: (feed: string, batch: readonly FeedObservation[]) => Promise<readonly AppendResult[]>;
  readonly onGap: (feed: string, missing: number) => void;
  readonly onScan: (scan: { readonly text: string; readonly gtin?: string }) => void;
  readonly onHealth: () => void;
}

export interface FeedRunner {
  health(): readonly FeedHealth[];
  /** Stops all feeds; what they had read is delivered first. */
  close(): Promise<void>;
}

export function runFeeds(options: FeedRunnerOptions): FeedRunner {
  const { configs, dataFolder, now, logger, observe, onHealth, skuOf } = options;
  const stateFolder = join(dataFolder, 'feeds');
  mkdirSync(stateFolder, { recursive: true });
  const stop = new AbortController();
  const onEvent = listener(options);
  const feeds = configs.map((config): Feed => {
    const feed = createFeed(config, {
      sink: async (batch) => logRefused(logger, config.name, await observe(config.name, batch)),
      onEvent,
      onHealth: (health) => {
        logger.info({ feed: health.name, state: health.state, message: health.message }, 'feed');
        onHealth();
      },
      skuOf,
      now,
      stateFolder,
    });
    feed.start(stop.signal).catch((error: unknown) => {
      logger.error(
        { err: error, feed: config.name },
        'the feed ended; restart the agent once its cause is gone',
      );
    });
    return feed;
  });
  return {
    health: () => feeds.map((feed) => feed.health()),
    close: async () => {
      await Promise.all(feeds.map((feed) => feed.close().catch(() => undefined)));
      stop.abort();
    },
  };
}

function listener({ say, onGap, onScan, logger }: FeedRunnerOptions): FeedListener {
  return (event, feed) => {
    switch (event.type) {
      case 'ticket-gap':
        onGap(feed, event.missing);
        say({
          event: 'warning',
          text: `${event.missing} tickets are missing after ${event.after} on ${feed}`,
        });
        return;
      case 'ticket':
        if (!event.balanced)
          say({
            event: 'warning',
            text: `ticket ${event.ticket ?? '(no number)'} on ${feed} does not add up`,
          });
        return;
      case 'scan':
        onScan(event);
        return;
      case 'refused':
        logger.debug({ feed, reason: event.reason, line: event.line }, 'input refused');
        return;
      case 'line':
      case 'command':
      case 'weight':
      case 'summary':
        return;
      default:
        event satisfies never;
    }
  };
}

/** Refused observations are done with: trying them again would not help. */
function logRefused(logger: Logger, feed: string, results: readonly AppendResult[]): void {
  const refused = results.filter((result) => result.status === 'refused');
  const [first] = refused;
  if (first !== undefined)
    logger.warn({ feed, count: refused.length, problem: first.problem }, 'observations refused');
}
