/**
 * A model whose odds no longer come true: what it said about its alarms against what counts, picks and looks found.
 */
import { instant } from '@truecount/protocol';
import type { CaseWork } from '../case-work.ts';
import { percentText } from '../figures.ts';
import type { Mismatch } from '../mismatch.ts';

const DAY_MS = 86_400_000;
const WINDOW_DAYS = 30;
/** Fewer labels cannot tell drift from chance. */
const MIN_LABELS = 30;
/** Standard errors between what was said and what was: about one false alarm in a thousand looks. */
const BAND = 3.3;

export async function modelDrift(work: CaseWork, currency: string): Promise<readonly Mismatch[]> {
  const rows = await work.tx.query<{
    store: string;
    n: number;
    said: number;
    seen: number;
    variance: number;
    exposure: number;
  }>(
    `SELECT store, count(*)::int AS n, avg(confidence) AS said, avg(is_real::int)::float8 AS seen,
       sum(confidence * (1 - confidence)) AS variance, avg(exposure_minor)::float8 AS exposure
     FROM metric_alarms WHERE at > $1 GROUP BY store HAVING count(*) >= ${MIN_LABELS}`,
    [instant(work.nowMs - WINDOW_DAYS * DAY_MS)],
  );
  return (
    rows
      // Odds of nearly 0 or 1 leave no room for chance; a hundredth per label keeps the test from being absurd.
      .filter(
        ({ n, said, seen, variance }) =>
          Math.abs(n * (seen - said)) > BAND * Math.sqrt(Math.max(variance, n / 100)),
      )
      .map(({ store, n, said, seen, exposure }) => ({
        kind: 'model-drift',
        store,
        // Alarms that were right or wrong for another reason than the model knew.
        exposureMinor: Math.round(n * Math.abs(seen - said) * exposure),
        currency,
        name: undefined,
        text: `${percentText(said)} were said to be real, ${percentText(seen)} of ${n} alarms were`,
      }))
  );
}
