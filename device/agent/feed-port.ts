/** What the agent needs of a feed and of the link to the hub, whichever implementation stands behind them. */
import type { FeedHealth, SyncView } from '@truecount/protocol';

export interface RunningFeed {
  readonly name: string;
  health(): FeedHealth;
  close(): Promise<void>;
}

export interface HubLinkPort {
  view(): SyncView;
  close(): Promise<void>;
}

/** A store without a hub works alone; it is in an outage that nobody expects to end. */
export const noHub = (since: string): HubLinkPort => ({
  view: () => ({ online: false, since, waiting: 0, quarantined: 0 }),
  close: () => Promise.resolve(),
});
