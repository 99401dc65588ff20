/** Policy bundles: the list, and the contents of one in plain words with the hash that decisions name. */
import { useQuery } from '@tanstack/react-query';
import type { PolicyDocument } from '@truecount/protocol';
import { useHref, useParams } from 'react-router';
import { Link } from 'react-aria-components';
import { policiesQuery, storesQuery } from '../api/queries.ts';
import { Page } from '../shell/frame.tsx';
import { Pending } from '../shell/pending.tsx';
import { TierTag } from '../shell/tags.tsx';
import { PolicyChanges, predecessorOf } from './policy-changes.tsx';
import { PolicyDraftPanel } from './policy-draft.tsx';
import { policyFields, sayValue, valueOf } from './policy-fields.ts';
import { useWords, type Words } from '../words/use-words.ts';

/** Newest version first, the chain's before a store's. */
const inOrder = (policies: readonly PolicyDocument[]): readonly PolicyDocument[] =>
  policies.toSorted(
    (a, b) => b.bundle.version - a.bundle.version || a.bundle.scope.localeCompare(b.bundle.scope),
  );

export function PoliciesPage() {
  const { t, moment } = useWords();
  const { id } = useParams();
  const base = useHref('/policies');
  const { data, error } = useQuery(policiesQuery);
  const { data: stores } = useQuery(storesQuery);
  if (!data) return <Pending error={error} />;
  const policies = inOrder(data);
  const shown = policies.find((policy) => policy.id === id) ?? policies[0];
  const scopeName = (scope: string): string =>
    scope === '*' ? t('policy.chain') : (stores?.find((store) => store.id === scope)?.name ?? scope);
  if (!shown)
    return (
      <Page title={t('policies.title')} testId="policies-page">
        <p className="soft">{t('policies.empty')}</p>
      </Page>
    );
  return (
    <Page title={t('policies.title')} testId="policies-page">
      <div className="columns policy-columns">
        <ul className="policy-list">
          {policies.map((policy) => (
            <li key={policy.id}>
              <Link
                className="policy-link"
                href={`${base}/${encodeURIComponent(policy.id)}`}
                {...(policy === shown ? { 'aria-current': 'true' as const } : {})}
                data-testid="policy"
              >
                <strong>{t('policy.version', { number: policy.bundle.version })}</strong>
                <span className="soft">
                  {scopeName(policy.bundle.scope)} ·{' '}
                  {t('policy.from', { when: moment(policy.bundle.effectiveFrom) })}
                </span>
              </Link>
            </li>
          ))}
        </ul>
        <div className="stack">
          <Contents
            policy={shown}
            scope={scopeName(shown.bundle.scope)}
            before={predecessorOf(shown, policies)}
          />
          <PolicyDraftPanel
            key={shown.id}
            shown={shown.bundle}
            policies={policies}
            stores={stores?.map(({ id: store, name }) => ({ id: store, name })) ?? []}
          />
        </div>
      </div>
    </Page>
  );
}

interface ContentsProps {
  readonly policy: PolicyDocument;
  readonly scope: string;
  readonly before: PolicyDocument | undefined;
}

function Contents({ policy, scope, before }: ContentsProps) {
  const words = useWords();
  const { t } = words;
  const { bundle } = policy;
  return (
    <article className="panel policy" data-testid="policy-contents">
      <h2 className="policy-title">
        {t('policy.version', { number: bundle.version })} · {scope}
      </h2>
      <p className="soft fine">
        {t('policy.hash')} <code>{policy.hash}</code>
        <br />
        {t('policy.signed')} <code>{policy.keyId}</code>
      </p>
      {before && <PolicyChanges from={before} to={policy} />}
      {sectionsOf(policy, words).map(({ title, rows }) => (
        <section key={title}>
          <h3 className="policy-section">{title}</h3>
          <dl className="terms">
            {rows.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <section>
        <h3 className="policy-section">{t('policy.tiers')}</h3>
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">{t('case.kind')}</th>
              <th scope="col">{t('policy.option')}</th>
              <th scope="col">{t('case.tier')}</th>
            </tr>
          </thead>
          <tbody>
            {bundle.tiers.map(({ kind, option, tier }, index) => (
              <tr key={`${kind}-${option}-${index}`}>
                <td>{kind === '*' ? t('policy.any') : t(`exception.${kind}`)}</td>
                <td>{option === '*' ? t('policy.any') : t(`answer.${option}`)}</td>
                <td>
                  <TierTag tier={tier} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <p className="soft fine">{t('policy.tiers-hint')}</p>
      </section>
    </article>
  );
}

interface Section {
  readonly title: string;
  readonly rows: readonly (readonly [string, string])[];
}

const TITLES = ['detection', 'approvals', 'automation', 'planner', 'labour'] as const;

function sectionsOf({ bundle }: PolicyDocument, words: Words): readonly Section[] {
  const { t, number } = words;
  const { blockedPairs, blockedSkus } = bundle.planner;
  return TITLES.filter((section) => bundle[section] !== undefined).map((section) => ({
    title: t(`policy.${section}`),
    rows: [
      ...policyFields
        .filter((field) => field.section === section)
        .map((field) => {
          const value = valueOf(bundle, field);
          const said = value === undefined ? '–' : sayValue(value, field, bundle.currency, words);
          return [t(field.label), said] as const;
        }),
      ...(section === 'planner'
        ? ([
            [t('policy.blocked-pairs'), number(blockedPairs.length)],
            [t('policy.blocked-skus'), blockedSkus.join(', ') || number(0)],
          ] as const)
        : []),
    ],
  }));
}
