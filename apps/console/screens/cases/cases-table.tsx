/** Cases as a table: sorted by what is urgent, each row leading to its case. */
import type { CaseSummary } from '@truecount/protocol';
import type { ReactNode } from 'react';
import { useHref } from 'react-router';
import { StateTag } from '../shell/tags.tsx';
import { DataTable, type DataColumn } from '../table/data-table.tsx';
import { useWords, type Words } from '../words/use-words.ts';

interface CasesTableProps {
  readonly cases: readonly CaseSummary[];
  readonly exportAs: string;
  readonly hasStore?: boolean;
  readonly note?: ReactNode;
}

export function CasesTable({ cases, exportAs, hasStore = true, note }: CasesTableProps) {
  const words = useWords();
  const base = useHref('/cases');
  return (
    <DataTable
      label={words.t('cases.title')}
      testId="cases-table"
      rows={cases}
      columns={columnsOf(words).filter(({ key }) => hasStore || key !== 'store')}
      idOf={({ id }) => id}
      hrefOf={({ id }) => `${base}/${encodeURIComponent(id)}`}
      initialSort={{ column: 'exposure', direction: 'descending' }}
      empty={words.t('cases.empty')}
      exportAs={exportAs}
      {...(note === undefined ? {} : { note })}
    />
  );
}

/** Ended cases have no due time that anybody waits for. */
const isOver = ({ state }: CaseSummary): boolean =>
  ['resolved', 'declined', 'expired', 'undone'].includes(state);

function columnsOf(words: Words): readonly DataColumn<CaseSummary>[] {
  const { t, money, percent, relative, moment, now } = words;
  return [
    {
      key: 'headline',
      label: t('case.headline'),
      isHeader: true,
      show: (item) => (
        <span className="case-headline">
          <span>{item.name ?? item.sku ?? item.headline}</span>
          <span className="soft">{t(`exception.${item.kind}`)}</span>
        </span>
      ),
      value: (item) => item.name ?? item.headline,
    },
    {
      key: 'store',
      isNarrow: true,
      label: t('case.store'),
      show: (item) => item.storeName,
      value: (item) => item.storeName,
    },
    {
      key: 'state',
      label: t('case.state'),
      show: (item) => <StateTag state={item.state} />,
      value: (item) => t(`state.${item.state}`),
    },
    {
      key: 'tier',
      label: t('case.tier'),
      show: (item) => <span className="soft">{t(`tier.${item.tier}`)}</span>,
      value: (item) => t(`tier.${item.tier}`),
    },
    {
      key: 'exposure',
      label: t('case.exposure'),
      isNumber: true,
      show: (item) => money(item.exposure),
      value: (item) => item.exposure.minor,
    },
    {
      key: 'confidence',
      label: t('case.confidence'),
      isNumber: true,
      show: (item) => percent(item.confidence),
      value: (item) => item.confidence,
    },
    {
      key: 'opened',
      label: t('case.opened'),
      isNumber: true,
      show: (item) => (
        <time dateTime={item.openedAt} title={moment(item.openedAt)}>
          {relative(item.openedAt)}
        </time>
      ),
      value: (item) => item.openedAt,
    },
    {
      key: 'due',
      label: t('case.due'),
      isNumber: true,
      show: (item) =>
        isOver(item) ? (
          <span className="soft">–</span>
        ) : (
          <time dateTime={item.dueAt} data-late={Date.parse(item.dueAt) < now || undefined}>
            {relative(item.dueAt)}
          </time>
        ),
      value: (item) => (isOver(item) ? undefined : item.dueAt),
    },
  ];
}
