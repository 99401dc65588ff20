/** One store: how it is, what it hears, what is open, and what the hub could not accept from it. */
import { useQuery } from '@tanstack/react-query';
import type { QuarantineView, StoreView } from '@truecount/protocol';
import { ChevronLeft } from 'lucide-react';
import { Link } from 'react-aria-components';
import { useHref, useParams } from 'react-router';
import { casesQuery, devicesQuery, quarantineQuery, storesQuery } from '../api/queries.ts';
import { CasesTable } from '../cases/cases-table.tsx';
import { Figures } from '../shell/figures.tsx';
import { Page } from '../shell/frame.tsx';
import { Pending } from '../shell/pending.tsx';
import { Tag } from '../shell/tags.tsx';
import { useWords } from '../words/use-words.ts';
import { Standing } from './standing.tsx';

export function StorePage() {
  const { t, money, number, percent } = useWords();
  const { id = '' } = useParams();
  const { data: stores, error } = useQuery(storesQuery);
  const { data: cases } = useQuery(casesQuery({ store: id }));
  const back = useHref('/stores');
  if (!stores) return <Pending error={error} />;
  const store = stores.find((known) => known.id === id);
  if (!store) return <output className="waiting">{t('store.unknown', { id })}</output>;
  return (
    <Page
      title={store.name}
      testId="store-page"
      lead={
        <Link className="back" href={back}>
          <ChevronLeft aria-hidden size={16} /> {t('stores.title')}
        </Link>
      }
      aside={<Standing store={store} />}
    >
      <Figures
        items={[
          { name: t('store.exposure'), value: money(store.exposure) },
          { name: t('store.exceptions'), value: number(store.openExceptions) },
          { name: t('store.positions'), value: number(store.positions) },
          {
            name: t('store.confidence'),
            value: store.meanConfidence === undefined ? '–' : percent(store.meanConfidence),
          },
          { name: t('store.version'), value: store.version ?? '–' },
        ]}
      />
      <div className="columns">
        <Feeds store={store} />
        <Devices storeId={store.id} />
      </div>
      <h2 className="section-title">{t('store.cases')}</h2>
      <CasesTable cases={cases?.items ?? []} exportAs={`cases-${store.id}`} hasStore={false} />
      <Quarantine storeId={store.id} />
    </Page>
  );
}

function Feeds({ store }: { readonly store: StoreView }) {
  const { t, named, number, relative } = useWords();
  return (
    <section className="panel" aria-labelledby="store-feeds">
      <h2 className="panel-title" id="store-feeds">
        {t('store.feeds')}
      </h2>
      {store.feeds.length === 0 && <p className="soft">{t('store.no-feeds')}</p>}
      <ul className="lines">
        {store.feeds.map((feed) => {
          const errors = Object.values(feed.errors).reduce((sum, count) => sum + count, 0);
          return (
            <li key={feed.name}>
              <span className="standing" data-standing={feed.state}>
                <span className="dot" aria-hidden />
                <strong>{feed.name}</strong> <span className="soft">{named('feed', feed.kind)}</span>
              </span>
              <span className="soft">
                {t(`feed-state.${feed.state}`, { when: relative(feed.since) })} ·{' '}
                {t('store.feed-facts', { count: feed.observations, number: number(feed.observations) })}
                {errors > 0 && ` · ${t('store.feed-errors', { count: errors, number: number(errors) })}`}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Devices({ storeId }: { readonly storeId: string }) {
  const { t, relative } = useWords();
  const { data } = useQuery(devicesQuery);
  const devices = data?.filter(({ store }) => store === storeId) ?? [];
  return (
    <section className="panel" aria-labelledby="store-devices">
      <h2 className="panel-title" id="store-devices">
        {t('store.devices')}
      </h2>
      {devices.length === 0 && <p className="soft">{t('store.no-devices')}</p>}
      <ul className="lines">
        {devices.map((device) => (
          <li key={device.id}>
            <span>
              <code>{device.id.slice(0, 18)}</code>{' '}
              <Tag tone={device.state === 'active' ? 'good' : 'bad'}>{t(`device.${device.state}`)}</Tag>
            </span>
            <span className="soft">
              {t('device.epoch', { number: device.epoch })}
              {device.lastSeenAt && ` · ${t('device.seen', { when: relative(device.lastSeenAt) })}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Quarantine({ storeId }: { readonly storeId: string }) {
  const { t, moment } = useWords();
  const { data } = useQuery(quarantineQuery);
  const held: readonly QuarantineView[] = data?.filter(({ store }) => store === storeId) ?? [];
  if (held.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="store-quarantine">
      <h2 className="panel-title" id="store-quarantine">
        {t('store.quarantine', { count: held.length })}
      </h2>
      <ul className="lines">
        {held.map((item) => (
          <li key={item.id}>
            <span>
              {item.collection} <code>{item.documentId.slice(0, 24)}</code>: {item.reason}
            </span>
            <span className="soft">{moment(item.at)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
