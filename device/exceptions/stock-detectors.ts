/** Deviations of one SKU's stock, read from its belief and its record. */
import { evidence, type Evidence, type EvidenceCode } from '@truecount/protocol';
import { expectedUnmetUnits, marginMinor } from './expected-loss.ts';
import type { CauseEstimate } from './likely-causes.ts';
import { type DetectionPolicy, type Finding, type Level, levelAbove, levelBelow } from './finding.ts';

export interface SkuFacts {
  readonly sku: string;
  readonly name?: string;
  /** The moment of the judgement, an instant. */
  readonly at: string;
  /** The system's on-hand; null while nothing is known of it. */
  readonly record: number | null;
  readonly confidence: number;
  readonly mean: number;
  readonly p05: number;
  /** Believed demand per trading day. */
  readonly rate: number;
  readonly pmf: readonly number[];
  readonly priceMinor: number;
  readonly costMinor?: number;
  /** P(on-hand runs out within the policy's cover days). */
  readonly runsOut: number;
  /** What the ledger last heard about the SKU, newest first. */
  readonly heard: () => readonly Evidence[];
  /** What probably made the record wrong; undefined where nothing is known of the SKU. */
  readonly causes: () => CauseEstimate | undefined;
}

/** A phantom is taken to stay unnoticed for about a week, the usual rhythm of cycle counts. */
const UNNOTICED_DAYS = 7;
/** Units beyond the record that must be near certain before hidden stock is worth a walk. */
const HIDDEN_UNITS = 2;

const percent = (probability: number): number => Math.round(probability * 100);
const tenth = (value: number): number => Math.round(value * 10) / 10;

/** A deviation that costs less than the policy's floor is not raised; an open one is not closed for it. */
const worth = (level: Level, exposureMinor: number, policy: DetectionPolicy): Level =>
  level === 'raise' && exposureMinor < policy.minExposureMinor ? 'hold' : level;

export function stockFindings(facts: SkuFacts, policy: DetectionPolicy): readonly Finding[] {
  const phantom = phantomStock(facts, policy);
  return [
    phantom,
    negativeRecord(facts),
    hiddenStock(facts, policy),
    stockoutAhead(facts, policy, phantom.level === 'clear'),
  ];
}

/** Record above zero while the shelf is believed empty. */
function phantomStock(facts: SkuFacts, policy: DetectionPolicy): Finding {
  const record = facts.record ?? 0;
  const absent = 1 - facts.confidence;
  const exposureMinor = Math.round(
    absent * facts.rate * UNNOTICED_DAYS * marginMinor(facts.priceMinor, facts.costMinor),
  );
  const { valuable } = policy;
  const open =
    valuable !== undefined && exposureMinor >= valuable.exposureMinor
      ? Math.max(policy.phantomOpen, valuable.phantomOpen)
      : policy.phantomOpen;
  const level = record > 0 ? levelBelow(facts.confidence, open, policy.phantomClose) : 'clear';
  return {
    kind: 'phantom-stock',
    subject: subjectOf(facts),
    level: worth(level, exposureMinor, policy),
    confidence: absent,
    exposureMinor,
    evidence: () => [
      evidence('record-says', { qty: record }, facts.at),
      ...silence(facts),
      ...lastHeard(facts, ['shelf-view', 'counted', 'picked', 'pick-short', 'delivered']),
      evidence('believed-gone', { percent: percent(absent) }, facts.at),
    ],
    causes: facts.causes,
    outcome: () => endOf(facts),
  };
}

/** A record below zero is an error whoever is right about the shelf. */
function negativeRecord(facts: SkuFacts): Finding {
  const record = facts.record ?? 0;
  return {
    kind: 'negative-record',
    subject: subjectOf(facts),
    level: record < 0 ? 'raise' : 'clear',
    confidence: record < 0 ? 1 : 0,
    exposureMinor: Math.round(Math.abs(Math.min(0, record)) * facts.priceMinor),
    evidence: () => [
      evidence('record-negative', { qty: record }, facts.at),
      ...lastHeard(facts, ['sold', 'delivered', 'returned', 'counted']),
      evidence('sells', { perDay: tenth(facts.rate) }, facts.at),
    ],
    causes: facts.causes,
    outcome: () => endOf(facts),
  };
}

/** More in the store than the record knows: sales lost online and wrong reorders. */
function hiddenStock(facts: SkuFacts, policy: DetectionPolicy): Finding {
  const record = facts.record ?? 0;
  const beyond = facts.p05 - record;
  const exposureMinor = Math.round(
    Math.max(0, facts.mean - record) * marginMinor(facts.priceMinor, facts.costMinor),
  );
  const level = record < 0 || facts.record === null ? 'clear' : levelAbove(beyond, HIDDEN_UNITS, 0);
  return {
    kind: 'hidden-stock',
    subject: subjectOf(facts),
    level: worth(level, exposureMinor, policy),
    confidence: facts.confidence,
    exposureMinor,
    evidence: () => [
      evidence('believed-more', { mean: tenth(facts.mean), record }, facts.at),
      ...lastHeard(facts, ['sold', 'seen', 'shelf-view', 'delivered-unknown', 'delivered']),
    ],
    causes: facts.causes,
    outcome: () => endOf(facts),
  };
}

/** Stock that is believed there now and believed gone before the next delivery. */
function stockoutAhead(facts: SkuFacts, policy: DetectionPolicy, recordIsBelieved: boolean): Finding {
  const demand = facts.rate * policy.coverDays;
  const exposureMinor = Math.round(
    expectedUnmetUnits(facts.pmf, demand) * marginMinor(facts.priceMinor, facts.costMinor),
  );
  // Where the record itself is in doubt a count comes first: moving goods on a wrong number helps nobody.
  const level = levelAbove(facts.runsOut, policy.stockoutOpen, policy.stockoutClose);
  const allowed = facts.record === null ? 'clear' : level === 'raise' && !recordIsBelieved ? 'hold' : level;
  const days = policy.coverDays;
  return {
    kind: 'stockout-ahead',
    subject: subjectOf(facts),
    level: worth(allowed, exposureMinor, policy),
    confidence: facts.runsOut,
    exposureMinor,
    evidence: () => [
      evidence('runs-out', { percent: percent(facts.runsOut), days }, facts.at),
      evidence('record-says', { qty: facts.record ?? 0 }, facts.at),
      evidence('sells', { perDay: tenth(facts.rate) }, facts.at),
      ...lastHeard(facts, ['delivered', 'delivered-unknown', 'counted']),
    ],
    outcome: () => evidence('lasts', { percent: percent(facts.runsOut), days }, facts.at),
  };
}

const subjectOf = ({ sku, name }: SkuFacts): Finding['subject'] => ({
  sku,
  ...(name === undefined ? {} : { name }),
});

function silence(facts: SkuFacts): readonly Evidence[] {
  const sale = facts.heard().find((fact) => fact.code === 'sold');
  if (sale === undefined) return [];
  const hours = Math.floor((Date.parse(facts.at) - Date.parse(sale.at)) / 3_600_000);
  return hours < 1 ? [] : [evidence('no-sale', { hours, perDay: tenth(facts.rate) }, sale.at)];
}

/** The newest fact of each of these codes. */
function lastHeard(facts: SkuFacts, codes: readonly EvidenceCode[]): readonly Evidence[] {
  const heard = facts.heard();
  return codes.flatMap((code) => heard.find((fact) => fact.code === code) ?? []);
}

/** What settled the matter: a person's look if there was one, else what is believed now. */
function endOf(facts: SkuFacts): Evidence {
  const [newest] = facts.heard();
  if (
    newest !== undefined &&
    ['counted', 'seen', 'delivered', 'moved-in', 'record-set'].includes(newest.code)
  )
    return newest;
  return evidence('believed-there', { percent: percent(facts.confidence) }, facts.at);
}
