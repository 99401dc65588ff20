/** The settings in which a version differs from the one before it, or a store's bundle from the chain's. */
import { useQuery } from '@tanstack/react-query';
import type { PolicyDocument } from '@truecount/protocol';
import { changesQuery } from '../api/queries.ts';
import { useWords } from '../words/use-words.ts';

/** What this bundle is compared with: the version before it, and for a store's first the chain's. */
export function predecessorOf(
  policy: PolicyDocument,
  policies: readonly PolicyDocument[],
): PolicyDocument | undefined {
  const { scope, version } = policy.bundle;
  const before = policies
    .filter(({ bundle }) => bundle.scope === scope && bundle.version < version)
    .toSorted((a, b) => b.bundle.version - a.bundle.version);
  if (before[0] || scope === '*') return before[0];
  return policies
    .filter(({ bundle }) => bundle.scope === '*' && bundle.version <= version)
    .toSorted((a, b) => b.bundle.version - a.bundle.version)[0];
}

export function PolicyChanges({ from, to }: { readonly from: PolicyDocument; readonly to: PolicyDocument }) {
  const { t } = useWords();
  const { data } = useQuery(changesQuery(from.id, to.id));
  const changes = (data ?? []).filter(({ path }) => path !== 'version' && path !== 'effectiveFrom');
  return (
    <section data-testid="policy-changes">
      <h3 className="policy-section">{t('policy.changes')}</h3>
      {data && changes.length === 0 && <p className="soft">{t('policy.no-changes')}</p>}
      {changes.length > 0 && (
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">{t('policy.setting')}</th>
              <th scope="col">{t('policy.was')}</th>
              <th scope="col">{t('policy.would')}</th>
            </tr>
          </thead>
          <tbody>
            {changes.map(({ path, before, after }) => (
              <tr key={path}>
                <th scope="row">
                  <code>{path}</code>
                </th>
                <td>{said(before)}</td>
                <td>{said(after)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

const LONGEST = 60;
const said = (value: unknown): string => {
  const text = value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
};
