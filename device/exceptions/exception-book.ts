/**
 * Which exceptions are open, and what a finding changes about that.
 *
 * States per kind and subject: none -> open -> closed. Invariants: at most one open exception per kind and
 * subject; a closed one never reopens (a new deviation is a new exception), and not before a quiet time has
 * passed, so a value that trembles around a threshold cannot make a stream of exceptions. Needs no hub.
 */
import { type Exception, instant, newId, taxonomy } from '@truecount/protocol';
import { type Finding, subjectKey } from './finding.ts';
import { likelyCauses } from './likely-causes.ts';

export interface BookContext {
  readonly nowMs: number;
  readonly store: string;
  readonly currency: string;
  readonly policyVersion: string;
  readonly modelVersion: string;
}

export type ExceptionChange =
  | { readonly type: 'opened'; readonly exception: Exception }
  | { readonly type: 'updated'; readonly exception: Exception }
  | { readonly type: 'closed'; readonly exception: Exception };

/** After closing, the same subject opens again no sooner than this. */
const REOPEN_AFTER_MS = 30 * 60_000;
/** Closings remembered for the quiet time; older ones have passed it long before this many gather. */
const MAX_REMEMBERED = 10_000;
const MS_PER_HOUR = 3_600_000;

export class ExceptionBook {
  readonly #open = new Map<string, Exception>();
  readonly #closedAt = new Map<string, number>();

  constructor(open: Iterable<Exception>) {
    for (const exception of open) this.#open.set(subjectKey(exception.kind, exception), exception);
  }

  get open(): ReadonlyMap<string, Exception> {
    return this.#open;
  }

  /** What the finding changes, if anything; the book remembers it. */
  judge(finding: Finding, context: BookContext): ExceptionChange | undefined {
    const key = subjectKey(finding.kind, finding.subject);
    const open = this.#open.get(key);
    if (open !== undefined)
      return finding.level === 'clear'
        ? this.#close(key, open, finding, context)
        : this.#update(key, open, finding, context);
    if (finding.level !== 'raise') return undefined;
    const closedAt = this.#closedAt.get(key);
    if (closedAt !== undefined && context.nowMs - closedAt < REOPEN_AFTER_MS) return undefined;
    return this.#openNew(key, finding, context);
  }

  /** The document changed elsewhere (the hub wrote its part); the next change builds on that. */
  refresh(exception: Exception): void {
    const key = subjectKey(exception.kind, exception);
    if (this.#open.get(key)?.id === exception.id) this.#open.set(key, exception);
  }

  #openNew(key: string, finding: Finding, context: BookContext): ExceptionChange {
    const { owner, dueHours } = taxonomy[finding.kind];
    const now = instant(context.nowMs);
    const exception: Exception = {
      id: newId(context.nowMs),
      kind: finding.kind,
      store: context.store,
      ...finding.subject,
      detectedAt: now,
      dueAt: instant(context.nowMs + dueHours * MS_PER_HOUR),
      updatedAt: now,
      confidence: bounded(finding.confidence),
      exposure: { minor: finding.exposureMinor, currency: context.currency },
      evidence: finding.evidence().slice(0, 20),
      ...causesOf(finding),
      owner,
      state: 'open',
      policyVersion: context.policyVersion,
      modelVersion: context.modelVersion,
    };
    this.#open.set(key, exception);
    return { type: 'opened', exception };
  }

  #update(key: string, open: Exception, finding: Finding, context: BookContext): ExceptionChange | undefined {
    if (!matters(open, finding)) return undefined;
    const exception: Exception = {
      ...open,
      updatedAt: instant(context.nowMs),
      confidence: bounded(finding.confidence),
      exposure: { minor: finding.exposureMinor, currency: context.currency },
      evidence: finding.evidence().slice(0, 20),
      ...causesOf(finding),
    };
    this.#open.set(key, exception);
    return { type: 'updated', exception };
  }

  #close(key: string, open: Exception, finding: Finding, context: BookContext): ExceptionChange {
    const now = instant(context.nowMs);
    const outcome = finding.outcome?.();
    const exception: Exception = {
      ...open,
      state: 'closed',
      updatedAt: now,
      closedAt: now,
      ...(outcome === undefined ? {} : { outcome }),
    };
    this.#open.delete(key);
    this.#closedAt.delete(key);
    this.#closedAt.set(key, context.nowMs);
    if (this.#closedAt.size > MAX_REMEMBERED) {
      const [oldest] = this.#closedAt.keys();
      if (oldest !== undefined) this.#closedAt.delete(oldest);
    }
    return { type: 'closed', exception };
  }
}

function causesOf(finding: Finding): Pick<Exception, 'cause' | 'signs'> {
  const estimate = finding.causes?.();
  return estimate === undefined ? {} : likelyCauses(estimate);
}

/** Smaller changes are not worth a write, a message to the hub and a moving number on a screen. */
function matters(open: Exception, finding: Finding): boolean {
  if (Math.abs(open.confidence - finding.confidence) >= 0.05) return true;
  const exposure = Math.abs(open.exposure.minor - finding.exposureMinor);
  return exposure > Math.max(50, 0.25 * Math.abs(open.exposure.minor));
}

const bounded = (probability: number): number => Math.min(1, Math.max(0, probability));
