/**
 * Folds lines of the exchange format (NDJSON) and answers at each close and checkpoint. One line in, at most
 * one block of answers out; memory does not depend on how many lines there were.
 */
import { type Observation, parseObservation } from '@truecount/protocol';
import type { Belief } from './belief-port.ts';
import { msOf } from './instant.ts';
import { codeOfLine, emptyLine, readPlainLine } from './observation-line.ts';
import { SeenKeys } from './seen-keys.ts';

export interface ReplayedPosition {
  readonly t: string;
  readonly sku: string;
  readonly record: number | null;
  readonly confidence: number;
  readonly p0: number;
  readonly mean: number;
  readonly p05: number;
  readonly p95: number;
  readonly rate: number;
}

export type LineOutcome =
  | { readonly kind: 'folded' | 'duplicate' | 'blank' }
  | { readonly kind: 'asked'; readonly t: string }
  | { readonly kind: 'refused'; readonly problem: string };

const FOLDED = { kind: 'folded' } as const;
const DUPLICATE = { kind: 'duplicate' } as const;
const BLANK = { kind: 'blank' } as const;
/** A longer line is noise, not an observation. */
const MAX_LINE = 65_536;

export class Replay {
  readonly belief: Belief;
  readonly #seen = new SeenKeys();
  readonly #plain = emptyLine();

  constructor(belief: Belief) {
    this.belief = belief;
  }

  line(text: string): LineOutcome {
    if (text.length > MAX_LINE)
      return { kind: 'refused', problem: `line is longer than ${MAX_LINE} characters` };
    const plain = this.#plain;
    if (readPlainLine(text, plain)) {
      if (!this.#isNew(plain)) return DUPLICATE;
      this.belief.observeCoded(plain.t, plain.sku, { code: codeOfLine(plain), x: plain.x, y: plain.y });
      return FOLDED;
    }
    if (text.trim() === '') return BLANK;
    const parsed = parseLine(text);
    if (!parsed.ok) return { kind: 'refused', problem: parsed.problem };
    const observation = parsed.value;
    if (Number.isNaN(msOf(observation.t)))
      return { kind: 'refused', problem: `t "${observation.t}" names no instant` };
    if (!this.#isNew(marksOf(observation))) return DUPLICATE;
    this.belief.observe(observation);
    if (observation.type !== 'close' && observation.type !== 'checkpoint') return FOLDED;
    return { kind: 'asked', t: observation.t };
  }

  /**
   * What makes a second delivery recognisable: its id, or feed + ticket + line. Without a feed name the till
   * takes its place, and then the instant and SKU must agree too, because ticket numbers come round again.
   */
  #isNew(one: Delivery): boolean {
    const seen = this.#seen;
    seen.begin();
    if (one.id !== undefined) {
      seen.text(one.id);
      return seen.add();
    }
    if (one.ticket === undefined || Number.isNaN(one.line)) return true;
    seen.text(one.feed ?? one.till ?? '');
    seen.text(one.ticket);
    seen.number(one.line);
    if (one.feed === undefined) {
      seen.number(one.t);
      seen.text(one.sku);
    }
    return seen.add();
  }

  /** The beliefs of this moment, SKU by SKU, as they are printed. */
  *positions(): Generator<ReplayedPosition> {
    for (const sku of this.belief.skus()) {
      const position = this.belief.position(sku);
      if (position === undefined) continue;
      const { pmf: _, sku: name, t, record, confidence, p0, mean, p05, p95, rate } = position;
      yield {
        t,
        sku: name,
        record,
        confidence: rounded(confidence),
        p0: rounded(p0),
        mean: rounded(mean),
        p05,
        p95,
        rate: rounded(rate),
      };
    }
  }
}

const rounded = (value: number): number => Math.round(value * 1e7) / 1e7;

function parseLine(text: string): ReturnType<typeof parseObservation> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, problem: 'not valid JSON' };
  }
  return parseObservation(value);
}

interface Delivery {
  readonly id: string | undefined;
  readonly feed: string | undefined;
  readonly ticket: string | undefined;
  readonly till: string | undefined;
  /** NaN without one. */
  readonly line: number;
  /** Milliseconds since 1970. */
  readonly t: number;
  readonly sku: string;
}

/** The delivery marks of a parsed observation; those that are not of the right type mark nothing. */
function marksOf(observation: Observation): Delivery {
  const fields = observation as Readonly<Record<string, unknown>>;
  const text = (name: string): string | undefined => {
    const value = fields[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    id: text('id'),
    feed: text('feed'),
    ticket: text('ticket'),
    till: text('till'),
    line: typeof fields['line'] === 'number' ? fields['line'] : Number.NaN,
    t: msOf(observation.t),
    sku: text('sku') ?? '',
  };
}
