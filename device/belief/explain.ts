/** What the recent evidence did to the odds of having stock. */
import type { Position } from './answers.ts';
import type { EvidenceEntry } from './evidence-ring.ts';
import { instantOf } from './instant.ts';
import type { CodedType } from './observation-code.ts';

export interface EvidenceEffect {
  readonly t: string;
  /** The observation's type, or `silence` for the time without a sale before it. */
  readonly type: CodedType | 'silence';
  readonly qty?: number;
  /** Change of ln(P(on-hand >= 1) / P(on-hand = 0)): above zero speaks for stock. */
  readonly logOdds: number;
  readonly line: string;
}

export interface Explanation {
  readonly position: Position;
  /** Oldest first; at most about twenty. */
  readonly evidence: readonly EvidenceEffect[];
}

const logOdds = (absent: number): number => Math.log((1 - absent) / absent);
/** Silence that moved the odds less than this is not worth a line. */
const WORTH_SAYING = 0.02;

export function explain(
  position: Position,
  entries: readonly EvidenceEntry[],
  typeOf: (code: number) => CodedType,
): Explanation {
  const evidence: EvidenceEffect[] = [];
  const silence = (t: number, from: number, to: number): void => {
    const change = logOdds(to) - logOdds(from);
    if (Math.abs(change) < WORTH_SAYING) return;
    evidence.push({ t: instantOf(t), type: 'silence', logOdds: change, line: describe('silence', change) });
  };
  let after: number | undefined;
  for (const entry of entries) {
    if (after !== undefined) silence(entry.t, after, entry.before);
    const type = typeOf(entry.code);
    const change = logOdds(entry.after) - logOdds(entry.before);
    const what = wording(type, entry);
    evidence.push({
      t: instantOf(entry.t),
      type,
      qty: entry.x,
      logOdds: change,
      line: describe(what, change),
    });
    after = entry.after;
  }
  if (after !== undefined) silence(Date.parse(position.t), after, position.p0);
  return { position, evidence };
}

function describe(what: string, change: number): string {
  const factor = Math.exp(Math.abs(change));
  if (factor < 1.02) return `${what}: no news about having stock`;
  const times = factor >= 10 ? factor.toFixed(0) : factor.toFixed(1);
  return `${what}: odds of having stock ${change > 0 ? 'times' : 'divided by'} ${times}`;
}

function wording(type: CodedType, entry: EvidenceEntry): string {
  switch (type) {
    case 'sale':
      return entry.x > 0 ? `sold ${entry.x}` : `sale of ${-entry.x} voided`;
    case 'receipt':
      return Number.isNaN(entry.x) ? 'delivery of unknown quantity' : `receipt of ${entry.x}`;
    case 'transfer':
      return entry.x > 0 ? `transfer in of ${entry.x}` : `transfer out of ${-entry.x}`;
    case 'return':
      return `return of ${entry.x}`;
    case 'record':
      return `record says ${entry.x}`;
    case 'count':
      return `counted ${entry.x}`;
    case 'shelf':
      return `camera saw ${entry.x} of ${entry.y} facings`;
    case 'pick':
      return `pick found ${entry.y} of ${entry.x}`;
    case 'waste':
      return `${entry.x} written off`;
    case 'seen':
      return 'somebody saw it';
    case 'open':
    case 'close':
    case 'catalog':
    case 'checkpoint':
      return type;
    default:
      return type satisfies never;
  }
}
