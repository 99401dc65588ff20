/** What a policy would have decided otherwise. */
import type { PolicyTrial } from '@truecount/protocol';
import { Link } from 'react-aria-components';
import { useHref } from 'react-router';
import { Chart } from '../chart/chart.tsx';
import { PlainTable } from '../trust/plain-table.tsx';
import { useWords } from '../words/use-words.ts';
import { trialChart } from './trial-chart.ts';

const OPTION_PX = 58;

export function TrialResult({ trial }: { readonly trial: PolicyTrial }) {
  const words = useWords();
  const { t, number, money, named, moment } = words;
  const cases = useHref('/cases');
  const { before, after, changed, decisions } = trial;
  const option = (name: string): string => (name === 'none' ? t('policy.nothing') : named('answer', name));
  const both = (
    counts: readonly [Readonly<Record<string, number>>, Readonly<Record<string, number>>],
    say: (name: string) => string,
  ) =>
    [...new Set(counts.flatMap((side) => Object.keys(side)))].map((name) => [
      say(name),
      number(counts[0][name] ?? 0),
      number(counts[1][name] ?? 0),
    ]);
  const head = ['', t('policy.was'), t('policy.would')];
  return (
    <div data-testid="trial-result">
      <PlainTable
        head={head}
        rows={[
          [t('policy.decisions'), number(decisions), number(decisions)],
          [t('policy.expected'), money(before.expected), money(after.expected)],
          [t('policy.approvals-needed'), number(before.approvals), number(after.approvals)],
          ...both([before.tiers, after.tiers], (name) => named('tier', name)),
        ]}
      />
      <Chart
        label={t('policy.by-answer')}
        height={OPTION_PX * Object.keys({ ...before.options, ...after.options }).length + 24}
        draw={(ink) => trialChart(trial, { words, say: option }, ink)}
      />
      <h3 className="policy-section">{t('policy.changed')}</h3>
      {changed.length === 0 && <p className="soft">{t('policy.nothing-changed')}</p>}
      <ul className="lines">
        {changed.map((one) => (
          <li key={`${one.caseId}-${one.at}`}>
            <span>
              <Link href={`${cases}/${one.caseId}`}>{moment(one.at)}</Link> · {one.before} → {one.after}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
