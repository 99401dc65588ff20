/** The audit chain, newest first, and the check that nothing in it was changed or is missing. */
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import type { AuditEntryView, AuditVerdict } from '@truecount/protocol';
import { ShieldAlert, ShieldCheck } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useSearchParams } from 'react-router';
import { hub } from '../api/client.ts';
import { auditQuery } from '../api/queries.ts';
import { Page } from '../shell/frame.tsx';
import { Pending } from '../shell/pending.tsx';
import { DataTable, type DataColumn } from '../table/data-table.tsx';
import { matches } from '../table/rows.ts';
import { Filter } from '../table/filter.tsx';
import { useWords, type Words } from '../words/use-words.ts';

const textOf = ({ actor, action, subject, text, seq }: AuditEntryView): string =>
  `${seq} ${actor} ${action} ${subject} ${text}`;

export function AuditPage() {
  const words = useWords();
  const { t } = words;
  const [search, setSearch] = useSearchParams();
  const wanted = search.get('text') ?? '';
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(auditQuery);
  const verify = useMutation({ mutationFn: () => hub.verifyAudit() });
  if (!data) return <Pending error={error} />;
  const entries = data.pages.flatMap(({ items }) => items);
  const shown = wanted === '' ? entries : entries.filter((entry) => matches(textOf(entry), wanted));
  const button = (
    <Button
      className="button primary"
      data-testid="verify"
      isDisabled={verify.isPending}
      onPress={() => verify.mutate()}
    >
      <ShieldCheck aria-hidden size={16} />
      {t('audit.verify')}
    </Button>
  );
  return (
    <Page title={t('audit.title')} testId="audit-page" aside={button}>
      <output className="verdict-place">
        {verify.data && <Verdict verdict={verify.data} />}
        {verify.error && <p className="problem">{verify.error.message}</p>}
      </output>
      <div className="filters">
        <Filter
          label={t('audit.search')}
          value={wanted}
          onChange={(text) => setSearch(text === '' ? {} : { text }, { replace: true })}
        />
      </div>
      <DataTable
        label={t('audit.title')}
        testId="audit-table"
        rows={shown}
        columns={columnsOf(words)}
        idOf={({ seq }) => String(seq)}
        initialSort={{ column: 'seq', direction: 'descending' }}
        empty={t('audit.empty')}
        exportAs="audit"
      />
      {hasNextPage && (
        <Button
          className="button quiet"
          data-testid="audit-more"
          isDisabled={isFetchingNextPage}
          onPress={() => void fetchNextPage()}
        >
          {t('audit.more')}
        </Button>
      )}
    </Page>
  );
}

function Verdict({ verdict }: { readonly verdict: AuditVerdict }) {
  const { t, number } = useWords();
  return (
    <div className="verdict" data-ok={verdict.ok} data-testid="verdict">
      {verdict.ok ? <ShieldCheck aria-hidden size={22} /> : <ShieldAlert aria-hidden size={22} />}
      <p>
        <strong>
          {verdict.ok
            ? t('audit.whole', { count: verdict.entries, number: number(verdict.entries) })
            : t('audit.broken', { seq: verdict.brokenAt })}
        </strong>
        <span className="soft fine verdict-detail">
          {verdict.ok ? (
            <>
              {t('audit.head')} <code>{verdict.head}</code>
            </>
          ) : (
            verdict.problem
          )}
        </span>
      </p>
    </div>
  );
}

function columnsOf({ t, named, exactMoment }: Words): readonly DataColumn<AuditEntryView>[] {
  return [
    {
      key: 'seq',
      label: t('audit.seq'),
      isNumber: true,
      isNarrow: true,
      show: ({ seq }) => seq,
      value: ({ seq }) => seq,
    },
    {
      key: 'at',
      label: t('audit.at'),
      isNarrow: true,
      show: ({ at }) => <time dateTime={at}>{exactMoment(at)}</time>,
      value: ({ at }) => at,
    },
    {
      key: 'actor',
      label: t('audit.actor'),
      isNarrow: true,
      show: ({ actor }) => actor,
      value: ({ actor }) => actor,
    },
    {
      key: 'action',
      label: t('audit.action'),
      isNarrow: true,
      show: ({ action }) => named('action', action),
      value: ({ action }) => action,
    },
    {
      key: 'text',
      label: t('audit.what'),
      isHeader: true,
      show: ({ text, subject }) => (
        <span className="case-headline">
          <span>{text}</span>
          <span className="soft fine">{subject}</span>
        </span>
      ),
      value: ({ text }) => text,
    },
    {
      key: 'hash',
      label: t('audit.hash'),
      isNarrow: true,
      show: ({ hash }) => <code title={hash}>{hash.slice(0, 10)}</code>,
      value: ({ hash }) => hash,
    },
  ];
}
