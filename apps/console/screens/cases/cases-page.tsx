/** All cases, narrowed by state, store, kind and words; the filters are in the address. */
import { useQuery } from '@tanstack/react-query';
import { type CaseSummary, caseStates, exceptionKinds } from '@truecount/protocol';
import { useSearchParams } from 'react-router';
import { casesQuery, storesQuery } from '../api/queries.ts';
import { Choice } from '../shell/choice.tsx';
import { Page } from '../shell/frame.tsx';
import { Pending } from '../shell/pending.tsx';
import { Filter } from '../table/filter.tsx';
import { matches } from '../table/rows.ts';
import { useWords } from '../words/use-words.ts';
import { CasesTable } from './cases-table.tsx';

const textOf = (item: CaseSummary): string =>
  [item.headline, item.name, item.sku, item.storeName, item.order, item.id].filter(Boolean).join(' ');

export function CasesPage() {
  const { t, number } = useWords();
  const [search, setSearch] = useSearchParams();
  const filter = {
    ...(search.get('state') ? { state: search.get('state') ?? '' } : {}),
    ...(search.get('store') ? { store: search.get('store') ?? '' } : {}),
    ...(search.get('kind') ? { kind: search.get('kind') ?? '' } : {}),
  };
  const text = search.get('text') ?? '';
  const { data, error } = useQuery(casesQuery(filter));
  const { data: stores } = useQuery(storesQuery);
  const narrow = (name: string, value: string): void =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === '') next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  if (!data) return <Pending error={error} />;
  const shown = text === '' ? data.items : data.items.filter((item) => matches(textOf(item), text));
  const isCut = data.total > data.items.length;
  return (
    <Page title={t('cases.title')} testId="cases-page">
      <div className="filters">
        <Filter label={t('cases.search')} value={text} onChange={(value) => narrow('text', value)} />
        <Choice
          label={t('case.state')}
          value={search.get('state') ?? ''}
          onChange={(value) => narrow('state', value)}
          all={t('cases.all-states')}
          options={caseStates.map((state) => ({ id: state, name: t(`state.${state}`) }))}
          testId="filter-state"
        />
        <Choice
          label={t('case.store')}
          value={search.get('store') ?? ''}
          onChange={(value) => narrow('store', value)}
          all={t('cases.all-stores')}
          options={(stores ?? []).map(({ id, name }) => ({ id, name }))}
          testId="filter-store"
        />
        <Choice
          label={t('case.kind')}
          value={search.get('kind') ?? ''}
          onChange={(value) => narrow('kind', value)}
          all={t('cases.all-kinds')}
          options={exceptionKinds.map((kind) => ({ id: kind, name: t(`exception.${kind}`) }))}
          testId="filter-kind"
        />
      </div>
      <CasesTable
        cases={shown}
        exportAs="cases"
        {...(isCut
          ? { note: t('cases.cut', { shown: number(data.items.length), total: number(data.total) }) }
          : {})}
      />
    </Page>
  );
}
