/** What the agent sees of a feed: it is started, it says how it is, it is closed. */
import type { FeedHealth, FeedObservation } from '@truecount/protocol';
import type { FeedEvent, SkuLookup } from './events.ts';
import type { LastTicket } from './receipt/ticket-sequence.ts';
import type { ListPorts } from './serial/find-port.ts';

export interface Feed {
  readonly name: string;
  health(): FeedHealth;
  /** Runs until the signal aborts or `close` is called; resolves when nothing of the feed is left running. */
  start(signal: AbortSignal): Promise<void>;
  /** Stops the feed; what was read before is delivered first. */
  close(): Promise<void>;
}

/** Resolves after the batch is committed. A feed has one call under way at a time and retries a rejected one. */
export type FeedSink = (batch: readonly FeedObservation[]) => Promise<void>;

/** Everything a feed says that is no observation: lines, tickets, scans, gaps, refusals. Must not throw. */
export type FeedListener = (event: Exclude<FeedEvent, { type: 'observation' }>, feed: string) => void;

export interface FeedDeps {
  readonly sink: FeedSink;
  readonly onEvent?: FeedListener;
  /** Called when the state changes (up, down, silent, garbled). */
  readonly onHealth?: (health: FeedHealth) => void;
  /** The SKU of what was sold or scanned; without it a code or, failing that, a name stands for itself. */
  readonly skuOf?: SkuLookup;
  /** The last ticket number of a till in the ledger, so that tickets printed while the agent was down are missed. */
  readonly lastTicket?: LastTicket;
  readonly now?: () => number;
  /** Where file feeds remember how far they have read. */
  readonly stateFolder?: string;
  /** The machine's serial ports; injected in tests that have no USB devices. */
  readonly listPorts?: ListPorts;
}
