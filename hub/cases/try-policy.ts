/** What another policy would have decided, on the inputs that were really there. Changes nothing. */
import { setImmediate } from 'node:timers/promises';
import { instant, type PolicyBundle, type PolicyTrial, moneyText } from '@truecount/protocol';
import type { Queryable } from '../database/index.ts';
import { type Answer, answerTo, needsApproval } from './scoring/answer.ts';
import type { FrozenInputs } from './scoring/frozen-inputs.ts';

const DAY_MS = 86_400_000;
const PAGE = 200;
const MAX_CHANGED = 100;

interface ScoreRow {
  readonly case_id: string;
  readonly round: number;
  readonly at: string;
  readonly inputs: string;
}

type Side = { -readonly [K in keyof PolicyTrial['before']]: PolicyTrial['before'][K] };

const emptySide = (currency: string): Side => ({
  tiers: {},
  options: {},
  expected: { minor: 0, currency },
  approvals: 0,
});

export async function tryPolicy(
  database: Queryable,
  bundle: PolicyBundle,
  period: { readonly days: number; readonly nowMs: number },
): Promise<PolicyTrial> {
  const before = emptySide(bundle.currency);
  const after = emptySide(bundle.currency);
  const changed: PolicyTrial['changed'] = [];
  let decisions = 0;
  let last: ScoreRow | undefined;
  for (;;) {
    const page: readonly ScoreRow[] = await database.query<ScoreRow>(
      `SELECT case_id, round, at, inputs FROM case_scores
       WHERE at >= $1 AND ($2::text IS NULL OR (at, case_id, round) < ($2, $3, $4))
       ORDER BY at DESC, case_id DESC, round DESC LIMIT ${PAGE}`,
      [
        instant(period.nowMs - period.days * DAY_MS),
        last?.at ?? null,
        last?.case_id ?? null,
        last?.round ?? null,
      ],
    );
    for (const row of page) {
      // Months of history take a while, and the hub has other work meanwhile.
      await setImmediate();
      const frozen = JSON.parse(row.inputs) as FrozenInputs;
      const [was, would] = [answerTo(frozen), answerTo(frozen, { policy: bundle })];
      decisions += 1;
      add(before, was);
      add(after, would);
      const [said, says] = [inWords(was), inWords(would)];
      if (said !== says && changed.length < MAX_CHANGED)
        changed.push({
          caseId: row.case_id,
          at: row.at,
          store: frozen.entry.row.store,
          before: said.slice(0, 500),
          after: says.slice(0, 500),
        });
    }
    last = page.at(-1);
    if (page.length < PAGE) break;
  }
  return { decisions, before, after, changed };
}

function add(side: Side, answer: Answer): void {
  const candidate = answer.chosen === undefined ? undefined : answer.candidates[answer.chosen];
  const option = candidate?.option ?? 'none';
  side.tiers[answer.tier] = (side.tiers[answer.tier] ?? 0) + 1;
  side.options[option] = (side.options[option] ?? 0) + 1;
  if (!candidate) return;
  if (answer.tier !== 'observe')
    side.expected = { ...side.expected, minor: side.expected.minor + candidate.expectedMinor };
  if (needsApproval(answer, candidate)) side.approvals += 1;
}

function inWords(answer: Answer): string {
  const candidate = answer.chosen === undefined ? undefined : answer.candidates[answer.chosen];
  if (!candidate) return 'watch';
  const worth = moneyText({ minor: candidate.expectedMinor, currency: answer.inputs.entry.row.currency });
  return `${answer.tier}: ${candidate.text}, worth ${worth}`;
}
