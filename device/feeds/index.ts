/**
 * Feeds: what the store's devices already say, as observations. README.md in this folder tells what each feed
 * reads, how to write a receipt grammar, and what the health states mean.
 */
export { FeedConfig, parseFeedConfig } from './config.ts';
export { createDecoder, type DecoderDeps, type DecoderSettings, FeedConfigError } from './create-decoder.ts';
export { createFeed } from './create-feed.ts';
export type {
  CommandEvent,
  Decoder,
  FeedEvent,
  ItemIdentity,
  LineEvent,
  ObservationEvent,
  RefusedEvent,
  ScanEvent,
  SkuLookup,
  SummaryEvent,
  Tally,
  TicketEvent,
  TicketGapEvent,
  TicketLine,
  WeightEvent,
} from './events.ts';
export type { Feed, FeedDeps, FeedListener, FeedSink } from './feed.ts';
export { builtInGrammars } from './receipt/built-in.ts';
export { readScan } from './scanner/scan.ts';
