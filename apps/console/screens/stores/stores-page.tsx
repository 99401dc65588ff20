/** All stores: health, outage, money at stake, confidence. */
import { useQuery } from '@tanstack/react-query';
import type { StoreView } from '@truecount/protocol';
import { useHref } from 'react-router';
import { storesQuery } from '../api/queries.ts';
import { Page } from '../shell/frame.tsx';
import { Pending } from '../shell/pending.tsx';
import { MoneyBar, Tag } from '../shell/tags.tsx';
import { DataTable, type DataColumn } from '../table/data-table.tsx';
import { useWords, type Words } from '../words/use-words.ts';
import { Standing } from './standing.tsx';
import { troubledFeeds } from './store-words.ts';
import { Figures } from '../shell/figures.tsx';

export function StoresPage() {
  const words = useWords();
  const { t, money, number, percent } = words;
  const { data: stores, error } = useQuery(storesQuery);
  const base = useHref('/stores');
  if (!stores) return <Pending error={error} />;
  const exposure = stores.reduce((sum, store) => sum + store.exposure.minor, 0);
  const known = stores.filter(({ meanConfidence }) => meanConfidence !== undefined);
  const confidence = known.reduce((sum, store) => sum + (store.meanConfidence ?? 0), 0) / known.length;
  return (
    <Page title={t('stores.title')} testId="stores-page">
      <Figures
        items={[
          {
            name: t('stores.online'),
            value: `${stores.filter(({ online }) => online).length} / ${stores.length}`,
          },
          {
            name: t('stores.exposure'),
            value: money({ minor: exposure, currency: stores[0]?.exposure.currency ?? 'EUR' }),
          },
          { name: t('stores.cases'), value: number(stores.reduce((sum, store) => sum + store.openCases, 0)) },
          { name: t('stores.confidence'), value: known.length > 0 ? percent(confidence) : '–' },
        ]}
      />
      <DataTable
        label={t('stores.title')}
        testId="stores-table"
        rows={stores}
        columns={columnsOf(words, Math.max(...stores.map((store) => store.exposure.minor), 1))}
        idOf={(store) => store.id}
        hrefOf={(store) => `${base}/${store.id}`}
        initialSort={{ column: 'exposure', direction: 'descending' }}
        empty={t('stores.empty')}
        exportAs="stores"
      />
    </Page>
  );
}

function columnsOf({ t, percent, number }: Words, largest: number): readonly DataColumn<StoreView>[] {
  return [
    {
      key: 'name',
      label: t('store.name'),
      isHeader: true,
      show: (store) => store.name,
      value: (store) => store.name,
    },
    {
      key: 'standing',
      label: t('store.standing'),
      show: (store) => <Standing store={store} />,
      value: (store) => (store.online ? 'online' : (store.since ?? '')),
    },
    {
      key: 'feeds',
      label: t('store.feeds'),
      show: (store) => {
        const troubled = troubledFeeds(store);
        return troubled === 0 ? (
          <span className="soft">{t('store.feeds-ok', { count: store.feeds.length })}</span>
        ) : (
          <Tag tone="warn">{t('store.feeds-troubled', { count: troubled })}</Tag>
        );
      },
      value: troubledFeeds,
    },
    {
      key: 'exceptions',
      label: t('store.exceptions'),
      isNumber: true,
      show: (store) => number(store.openExceptions),
      value: (store) => store.openExceptions,
    },
    {
      key: 'cases',
      label: t('store.cases'),
      isNumber: true,
      show: (store) => number(store.openCases),
      value: (store) => store.openCases,
    },
    {
      key: 'exposure',
      label: t('store.exposure'),
      isNumber: true,
      show: (store) => <MoneyBar money={store.exposure} largest={largest} />,
      value: (store) => store.exposure.minor,
    },
    {
      key: 'confidence',
      label: t('store.confidence'),
      isNumber: true,
      show: (store) => (store.meanConfidence === undefined ? '–' : percent(store.meanConfidence)),
      value: (store) => store.meanConfidence,
    },
  ];
}
