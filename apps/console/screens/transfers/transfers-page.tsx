/** Transfers between stores and how far each is. */
import { useQuery } from '@tanstack/react-query';
import type { HubTransferView } from '@truecount/protocol';
import { transfersQuery } from '../api/queries.ts';
import { Page } from '../shell/frame.tsx';
import { Pending } from '../shell/pending.tsx';
import { DataTable, type DataColumn } from '../table/data-table.tsx';
import { useWords, type Words } from '../words/use-words.ts';
import { Progress } from './progress.tsx';
import { progressOf } from './stages.ts';

export function TransfersPage() {
  const words = useWords();
  const { t } = words;
  const { data, error } = useQuery(transfersQuery);
  if (!data) return <Pending error={error} />;
  return (
    <Page title={t('transfers.title')} testId="transfers-page">
      <DataTable
        label={t('transfers.title')}
        testId="transfers-table"
        rows={data}
        columns={columnsOf(words)}
        idOf={({ transfer }) => transfer.id}
        initialSort={{ column: 'proposed', direction: 'descending' }}
        empty={t('transfers.empty')}
        exportAs="transfers"
      />
    </Page>
  );
}

function columnsOf({ t, money, number, percent, moment }: Words): readonly DataColumn<HubTransferView>[] {
  return [
    {
      key: 'name',
      label: t('plan.product'),
      isHeader: true,
      show: ({ transfer }) => (
        <span className="case-headline">
          <span>{transfer.name}</span>
          <span className="soft">{transfer.because}</span>
        </span>
      ),
      value: ({ transfer }) => transfer.name,
    },
    {
      key: 'from',
      label: t('plan.from'),
      isNarrow: true,
      show: ({ transfer }) => transfer.fromName,
      value: ({ transfer }) => transfer.fromName,
    },
    {
      key: 'to',
      label: t('plan.to'),
      isNarrow: true,
      show: ({ transfer }) => transfer.toName,
      value: ({ transfer }) => transfer.toName,
    },
    {
      key: 'qty',
      label: t('plan.units'),
      isNumber: true,
      show: ({ transfer }) => number(transfer.qty),
      value: ({ transfer }) => transfer.qty,
    },
    {
      key: 'stage',
      label: t('transfers.stage'),
      show: (view) => <Progress view={view} />,
      value: ({ stage }) => progressOf(stage),
    },
    {
      key: 'value',
      label: t('plan.value'),
      isNumber: true,
      show: ({ transfer }) => money(transfer.value),
      value: ({ transfer }) => transfer.value.minor,
    },
    {
      key: 'donor',
      label: t('transfers.donor-sure'),
      isNumber: true,
      show: ({ transfer }) => percent(transfer.donorConfidence),
      value: ({ transfer }) => transfer.donorConfidence,
    },
    {
      key: 'proposed',
      label: t('transfers.proposed'),
      isNumber: true,
      show: ({ transfer }) => <time dateTime={transfer.proposedAt}>{moment(transfer.proposedAt)}</time>,
      value: ({ transfer }) => transfer.proposedAt,
    },
  ];
}
