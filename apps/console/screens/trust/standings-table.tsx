/** What the agent may do by itself, per store, kind and answer, and why. */
import type { StandingView } from '@truecount/protocol';
import { TierTag } from '../shell/tags.tsx';
import { DataTable, type DataColumn } from '../table/data-table.tsx';
import { useWords, type Words } from '../words/use-words.ts';

export function StandingsTable({ standings }: { readonly standings: readonly StandingView[] }) {
  const words = useWords();
  const { t } = words;
  return (
    <DataTable
      label={t('trust.tiers')}
      testId="standings-table"
      rows={standings}
      columns={columnsOf(words)}
      idOf={({ kind, option, store }) => `${kind}|${option}|${store}`}
      initialSort={{ column: 'store', direction: 'ascending' }}
      empty={t('trust.tiers-empty')}
      exportAs="automation"
    />
  );
}

function columnsOf({ t, named, percent, relative, exactMoment }: Words): readonly DataColumn<StandingView>[] {
  return [
    {
      key: 'what',
      label: t('case.kind'),
      isHeader: true,
      show: ({ kind, option, reason }) => (
        <span className="case-headline">
          <span>
            {named('exception', kind)} · {named('answer', option)}
          </span>
          <span className="soft">{reason}</span>
        </span>
      ),
      value: ({ kind, option }) => `${kind} ${option}`,
    },
    {
      key: 'store',
      label: t('case.store'),
      isNarrow: true,
      show: ({ storeName }) => storeName,
      value: ({ storeName }) => storeName,
    },
    {
      key: 'tier',
      label: t('trust.tier-now'),
      isNarrow: true,
      show: ({ tier }) => <TierTag tier={tier} />,
      value: ({ tier }) => tier,
    },
    {
      key: 'surely',
      label: t('trust.surely'),
      isNumber: true,
      show: ({ lowerBound, target, outcomes }) => (
        <span className="case-headline">
          <span>{outcomes === 0 ? '–' : percent(lowerBound)}</span>
          <span className="soft fine">{t('trust.target', { target: percent(target) })}</span>
        </span>
      ),
      value: ({ lowerBound }) => lowerBound,
    },
    {
      key: 'outcomes',
      label: t('trust.outcomes'),
      isNumber: true,
      show: ({ successes, outcomes }) => `${successes} / ${outcomes}`,
      value: ({ outcomes }) => outcomes,
    },
    {
      key: 'since',
      label: t('trust.since'),
      isNumber: true,
      show: ({ since }) => (
        <time dateTime={since} title={exactMoment(since)}>
          {relative(since)}
        </time>
      ),
      value: ({ since }) => since,
    },
  ];
}
