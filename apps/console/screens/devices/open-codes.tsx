/** Codes that still wait for their device. */
import { useQuery } from '@tanstack/react-query';
import { codesQuery } from '../api/queries.ts';
import { useWords } from '../words/use-words.ts';

export function OpenCodes({ names }: { readonly names: ReadonlyMap<string, string> }) {
  const { t, moment } = useWords();
  const { data } = useQuery(codesQuery);
  if (!data || data.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="open-codes-title" data-testid="open-codes">
      <h2 className="panel-title" id="open-codes-title">
        {t('code.open')}
      </h2>
      <ul className="lines">
        {data.map((code) => (
          <li key={code.id}>
            <span>
              {names.get(code.store) ?? code.store} <code>{code.device}</code>
            </span>
            <span className="soft">
              {t('code.open-facts', { by: code.by, when: moment(code.expiresAt) })}
              {code.wrongTries > 0 && ` · ${t('code.wrong-tries', { count: code.wrongTries })}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
