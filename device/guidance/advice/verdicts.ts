/**
 * What people of this store said of earlier answers, as a push on what the next one like it is about. Worked out
 * anew from the kept verdicts each time: dropping them, or saying the opposite, takes it back. One verdict does not
 * turn a sure answer; a few that agree do; however many there are, the push has a bound.
 */
export interface Verdict {
  /** As a model sees it, without values. */
  readonly question: string;
  readonly kind: string | null;
  readonly topic: string;
  /** The procedure that was shown, null where none was. */
  readonly procedure: string | null;
  readonly right: boolean;
}

export interface Lean {
  /** Factors, above 1 for what was found right. */
  readonly topic: (topic: string) => number;
  readonly procedure: (id: string) => number;
}

/** Log-odds of one verdict on the same question, and of all together. */
const ONE = 0.8;
const MOST = 4;
/** Share of words and neighbours in common from which questions are alike. */
const ALIKE = 0.5;

/** @param kind of the card asked about; verdicts on other kinds do not count */
export function leanOf(question: string, kind: string | undefined, verdicts: readonly Verdict[]): Lean {
  const topics = new Map<string, number>();
  const procedures = new Map<string, number>();
  const asked = piecesOf(question);
  for (const verdict of verdicts) {
    if (verdict.kind !== (kind ?? null)) continue;
    const likeness = shared(asked, piecesOf(verdict.question));
    if (likeness < ALIKE) continue;
    const push = (verdict.right ? ONE : -ONE) * likeness;
    topics.set(verdict.topic, (topics.get(verdict.topic) ?? 0) + push);
    if (verdict.procedure !== null)
      procedures.set(verdict.procedure, (procedures.get(verdict.procedure) ?? 0) + push);
  }
  const factor =
    (pushes: ReadonlyMap<string, number>) =>
    (name: string): number =>
      Math.exp(Math.max(-MOST, Math.min(MOST, pushes.get(name) ?? 0)));
  return { topic: factor(topics), procedure: factor(procedures) };
}

function piecesOf(question: string): ReadonlySet<string> {
  const words = question.split(' ');
  return new Set([...words, ...words.slice(1).map((word, at) => `${words[at]} ${word}`)]);
}

function shared(some: ReadonlySet<string>, others: ReadonlySet<string>): number {
  const both = [...some].filter((piece) => others.has(piece)).length;
  return both / (some.size + others.size - both);
}
