/** One case: what it is about, every fact with source and age, the options as scored, and what may be decided. */
import { useQuery } from '@tanstack/react-query';
import type { CaseView } from '@truecount/protocol';
import { ChevronLeft } from 'lucide-react';
import { Link } from 'react-aria-components';
import { useHref, useParams } from 'react-router';
import { caseQuery } from '../api/queries.ts';
import { Figures } from '../shell/figures.tsx';
import { Page } from '../shell/frame.tsx';
import { Pending } from '../shell/pending.tsx';
import { StateTag } from '../shell/tags.tsx';
import { useWords } from '../words/use-words.ts';
import { Decision } from './decision.tsx';
import { LookBack } from './look-back.tsx';
import { OptionsTable } from './options-table.tsx';
import { Timeline } from './timeline.tsx';

export function CasePage() {
  const { id = '' } = useParams();
  const { data, error } = useQuery(caseQuery(id));
  return data ? <Case key={id} view={data} /> : <Pending error={error} />;
}

function Case({ view }: { readonly view: CaseView }) {
  const { t, money, percent, relative, moment } = useWords();
  const { case: item } = view;
  const cases = useHref('/cases');
  const store = useHref(`/stores/${item.store}`);
  const transfers = useHref('/transfers');
  return (
    <Page
      title={item.headline}
      testId="case-page"
      lead={
        <Link className="back" href={cases}>
          <ChevronLeft aria-hidden size={16} /> {t('cases.title')}
        </Link>
      }
      aside={
        <span className="tags" data-testid="case-state" data-state={item.state}>
          <StateTag state={item.state} />
          <span className="soft">{t('case.tier-is', { tier: t(`tier.${item.tier}`) })}</span>
        </span>
      }
    >
      <p className="case-about">
        {t(`exception.${item.kind}`)} · <Link href={store}>{item.storeName}</Link>
        {item.sku && (
          <>
            {' '}
            · {item.name ?? item.sku} <code>{item.sku}</code>
          </>
        )}
        {view.transferId && (
          <>
            {' '}
            · <Link href={transfers}>{t('case.transfer')}</Link>
          </>
        )}
      </p>
      <Figures
        items={[
          { name: t('case.exposure'), value: money(item.exposure) },
          { name: t('case.confidence'), value: percent(item.confidence) },
          { name: t('case.due'), value: relative(item.dueAt), hint: moment(item.dueAt) },
          { name: t('case.opened'), value: relative(item.openedAt), hint: moment(item.openedAt) },
        ]}
      />
      <div className="columns case-columns">
        <div className="stack">
          <OptionsTable options={view.options} />
        </div>
        <div className="stack">
          <Decision view={view} />
          {view.options.length > 0 && <LookBack view={view} />}
          <Timeline entries={view.timeline} />
          <p className="soft fine">
            {t('case.policy')} <code>{view.policyVersion.slice(0, 24)}</code> ·{' '}
            {t('case.workflow', { number: view.workflowVersion })} · <code>{item.id}</code>
          </p>
        </div>
      </div>
    </Page>
  );
}
