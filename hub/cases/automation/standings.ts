/**
 * Keeps the standing of every option of a kind at a store in step with the labels of the log. A standing that changes
 * is audited and told; one that is lost counts its outcomes from that moment on.
 */
import { type ExceptionKind, instant, type OptionKind, type PolicyBundle } from '@truecount/protocol';
import type { Queryable } from '../../database/index.ts';
import {
  DEFAULT_AUTOMATION,
  judgeStanding,
  type PolicyInForce,
  type Standing,
} from '../../governance/index.ts';
import type { CaseWork } from '../case-work.ts';

const DAY_MS = 86_400_000;
/** Everything counts until something is lost. */
const BEGINNING = '';

export interface StandingRow {
  readonly kind: ExceptionKind;
  readonly option: OptionKind;
  readonly store: string;
  readonly is_earned: boolean;
  readonly reason: string;
  readonly successes: number;
  readonly outcomes: number;
  readonly lower_bound: number;
  readonly since: string;
  readonly counted_from: string;
  readonly lost_because: string | null;
}

export interface StandingContext {
  readonly policyOf: (work: CaseWork, store: string) => Promise<PolicyInForce>;
}

/** What one look is about; kind `*` for every kind of the store. */
export const standingSubject = (kind: ExceptionKind | '*', store: string): string => `${kind}|${store}`;

/** Why nothing at these stores is automatic, by store: a model that drifted. */
export async function driftingStores(
  database: Queryable,
  stores: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await database.query<{ store: string; text: string | null }>(
    `SELECT c.store, min(f.exception -> 'evidence' -> 0 ->> 'text') AS text
     FROM case_findings f JOIN cases c ON c.id = f.case_id
     WHERE f.is_open AND f.exception ->> 'kind' = 'model-drift' AND c.store = ANY($1::text[]) GROUP BY c.store`,
    [stores],
  );
  return new Map(
    rows.map(({ store, text }) => [store, `lost: the model drifts${text === null ? '' : `: ${text}`}`]),
  );
}

/** Looks at the standings of one kind, or of all kinds, at one store. */
export async function reviewStandings(
  work: CaseWork,
  subject: string,
  context: StandingContext,
): Promise<void> {
  const [kind = '*', store = ''] = subject.split('|');
  const { bundle } = await context.policyOf(work, store);
  const rules = bundle.automation ?? DEFAULT_AUTOMATION;
  // One look at a time, so that two processes cannot both tell the same change.
  await work.tx.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [LOCK_SPACE, store]);
  const drift = (await driftingStores(work.tx, [store])).get(store);
  const known = await work.tx.query<StandingRow>(
    `SELECT * FROM automation_standings WHERE store = $1 AND ($2 = '*' OR kind = $2)`,
    [store, kind],
  );
  const tallies = await work.tx.query<Pick<StandingRow, 'kind' | 'option' | 'successes' | 'outcomes'>>(
    `SELECT l.kind, l.option, count(*) FILTER (WHERE l.success)::int AS successes, count(*)::int AS outcomes
     FROM outcome_labels l
     LEFT JOIN automation_standings s ON s.kind = l.kind AND s.option = l.option AND s.store = l.store
     WHERE l.store = $1 AND ($2 = '*' OR l.kind = $2) AND l.at > $3 AND l.at > coalesce(s.counted_from, '')
     GROUP BY l.kind, l.option`,
    [store, kind, instant(work.nowMs - rules.windowDays * DAY_MS)],
  );
  const cells = new Map(
    [...known, ...tallies].map((cell) => [
      `${cell.kind}|${cell.option}`,
      { kind: cell.kind, option: cell.option },
    ]),
  );
  for (const [key, cell] of cells) {
    const tally = tallies.find((row) => `${row.kind}|${row.option}` === key);
    const before = known.find((row) => `${row.kind}|${row.option}` === key);
    await keepStanding(work, {
      ...cell,
      store,
      before,
      rules,
      tally: { successes: tally?.successes ?? 0, outcomes: tally?.outcomes ?? 0 },
      // A breaker's loss stays until the breaker closes; a drift's, until the drift is over.
      lostBecause: drift ?? (isBreakerLoss(before) ? (before?.lost_because ?? undefined) : undefined),
    });
  }
}

const LOCK_SPACE = 7_236_206;
const BREAKER = 'lost: ';
const isBreakerLoss = (row: StandingRow | undefined): boolean =>
  row?.lost_because?.startsWith(`${BREAKER}breaker`) ?? false;

/** A breaker tripped: whatever the options of this kind had earned at this store is gone. */
export function loseToBreaker(
  work: CaseWork,
  place: { readonly kind: ExceptionKind; readonly store: string; readonly asks: readonly OptionKind[] },
  reason: string,
): Promise<void> {
  return setBreakerLoss(work, place, `${BREAKER}breaker: ${reason}`);
}

/** The breaker is closed again: from here on it can be earned anew. */
export async function breakerClosed(
  work: CaseWork,
  place: { readonly kind: ExceptionKind; readonly store: string },
): Promise<void> {
  await work.tx.query(
    `UPDATE automation_standings SET lost_because = NULL
     WHERE kind = $1 AND store = $2 AND lost_because LIKE '${BREAKER}breaker%'`,
    [place.kind, place.store],
  );
  work.followUp({ topic: 'standing', subject: standingSubject(place.kind, place.store) });
}

async function setBreakerLoss(
  work: CaseWork,
  place: Parameters<typeof loseToBreaker>[1],
  lostBecause: string,
): Promise<void> {
  // What did not have to be earned has no row before its first outcome, and is lost like the rest.
  for (const option of place.asks)
    await work.tx.query(
      `INSERT INTO automation_standings (kind, option, store, is_earned, reason, successes, outcomes, lower_bound, since, counted_from)
       VALUES ($1, $2, $3, true, '', 0, 0, 0, $4, '') ON CONFLICT DO NOTHING`,
      [place.kind, option, place.store, instant(work.nowMs)],
    );
  await work.tx.query(
    'UPDATE automation_standings SET lost_because = $3 WHERE kind = $1 AND store = $2 AND lost_because IS NULL',
    [place.kind, place.store, lostBecause],
  );
  work.followUp({ topic: 'standing', subject: standingSubject(place.kind, place.store) });
}

interface Kept {
  readonly kind: ExceptionKind;
  readonly option: OptionKind;
  readonly store: string;
  readonly before: StandingRow | undefined;
  readonly rules: NonNullable<PolicyBundle['automation']>;
  readonly tally: { readonly successes: number; readonly outcomes: number };
  readonly lostBecause: string | undefined;
}

async function keepStanding(work: CaseWork, kept: Kept): Promise<void> {
  const { kind, option, store, before, lostBecause, rules } = kept;
  const standing: Standing = {
    option,
    ...kept.tally,
    ...(lostBecause === undefined ? {} : { lostBecause }),
  };
  const { isEarned, lowerBound, reason } = judgeStanding(standing, rules);
  const wasEarned = before?.is_earned ?? false;
  const isLost = wasEarned && !isEarned;
  const at = instant(work.nowMs);
  // What counted towards something that was lost does not count towards earning it again.
  const countedFrom =
    isLost || (lostBecause !== undefined && before?.reason !== reason) ? at : before?.counted_from;
  await work.tx.query(
    `INSERT INTO automation_standings
       (kind, option, store, is_earned, reason, successes, outcomes, lower_bound, since, counted_from, lost_because)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     ON CONFLICT (kind, option, store) DO UPDATE SET is_earned = EXCLUDED.is_earned, reason = EXCLUDED.reason,
       successes = EXCLUDED.successes, outcomes = EXCLUDED.outcomes, lower_bound = EXCLUDED.lower_bound,
       since = EXCLUDED.since, counted_from = EXCLUDED.counted_from, lost_because = EXCLUDED.lost_because`,
    [
      kind,
      option,
      store,
      isEarned,
      reason,
      kept.tally.successes,
      kept.tally.outcomes,
      lowerBound,
      before && wasEarned === isEarned ? before.since : at,
      countedFrom ?? BEGINNING,
      lostBecause ?? null,
    ],
  );
  work.changed('automation');
  if (wasEarned === isEarned) return;
  const event = isEarned ? 'automation-earned' : 'automation-lost';
  const text = `${option} for ${kind} at ${store}: ${reason}`;
  work.audit({
    actor: 'hub',
    action: event.replace('-', '.'),
    subject: `standing:${kind}|${option}|${store}`,
    text,
    detail: { ...kept.tally, lowerBound, rules },
  });
  work.tell({ event, store, text });
}

/** The standings that scoring one kind at one store looks at. */
export async function standingsOf(
  database: Queryable,
  stores: readonly string[],
): Promise<readonly StandingRow[]> {
  return database.query<StandingRow>('SELECT * FROM automation_standings WHERE store = ANY($1::text[])', [
    stores,
  ]);
}
