/** What decides how a store is shown. */
import type { StoreView } from '@truecount/protocol';

export type StoreStanding = 'online' | 'outage' | 'never';

export const standingOf = (store: StoreView): StoreStanding =>
  store.online ? 'online' : store.since === undefined ? 'never' : 'outage';

/** Feeds that do not speak as they should. */
export const troubledFeeds = (store: StoreView): number =>
  store.feeds.filter(({ state }) => state !== 'up').length;
