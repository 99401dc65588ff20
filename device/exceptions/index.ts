/** Detectors over belief and ledger facts, and the book of open exceptions. */
export { type BookContext, ExceptionBook, type ExceptionChange } from './exception-book.ts';
export { type CauseEstimate, likelyCauses } from './likely-causes.ts';
export { marginMinor } from './expected-loss.ts';
export { type FeedFacts, feedFinding } from './feed-detector.ts';
export type { Finding } from './finding.ts';
export { heardFact } from './heard-facts.ts';
export { pickFinding } from './pick-detector.ts';
export { type ShelfFacts, shelfGapFinding } from './shelf-detector.ts';
export { type SkuFacts, stockFindings } from './stock-detectors.ts';
