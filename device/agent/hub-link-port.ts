/** What the agent needs of its link to the hub. */
import type { SyncView } from '@truecount/protocol';

export interface HubLinkPort {
  view(): SyncView;
  close(): Promise<void>;
}

/** A store without a hub works alone; it is in an outage that nobody expects to end. */
export const noHub = (since: string): HubLinkPort => ({
  view: () => ({ online: false, since, waiting: 0, quarantined: 0 }),
  close: () => Promise.resolve(),
});
