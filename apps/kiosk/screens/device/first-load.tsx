/** A new or rebuilt device is being filled: how far it is, and that nobody has to wait for it. */
import { useQuery } from '@tanstack/react-query';
import { nowQuery } from '../api/queries.ts';
import { useWords } from '../words/use-words.ts';

/** Fewer are there before anybody has read that they are coming. */
const WORTH_SHOWING = 500;

export function FirstLoad() {
  const { t, number } = useWords();
  const { data } = useQuery(nowQuery);
  const load = data?.sync.firstLoad;
  if (!load || load.total < WORTH_SHOWING) return null;
  return (
    <aside className="first-load" data-testid="first-load" aria-label={t('load.title')}>
      <p className="first-load-words">
        <strong>{t('load.line', { loaded: number(load.loaded), total: number(load.total) })}</strong>
        <span>{t('load.meanwhile')}</span>
      </p>
      <progress
        className="first-load-bar"
        aria-label={t('load.title')}
        max={Math.max(1, load.total)}
        value={Math.min(load.loaded, load.total)}
      />
    </aside>
  );
}
