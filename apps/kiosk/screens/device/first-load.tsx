/** A new or rebuilt device is being filled: how far it is, and that nobody has to wait for it. */
import { useQuery } from '@tanstack/react-query';
import { nowQuery } from '../api/queries.ts';
import { useWords } from '../words/use-words.ts';

export function FirstLoad() {
  const { t, number } = useWords();
  const { data } = useQuery(nowQuery);
  const load = data?.sync.firstLoad;
  if (!load) return null;
  const share = load.total === 0 ? 0 : Math.min(1, load.loaded / load.total);
  return (
    <aside className="first-load" data-testid="first-load" aria-label={t('load.title')}>
      <p className="first-load-words">
        <strong>{t('load.line', { loaded: number(load.loaded), total: number(load.total) })}</strong>
        <span>{t('load.meanwhile')}</span>
      </p>
      <div
        className="meter-track"
        role="progressbar"
        aria-label={t('load.title')}
        aria-valuemin={0}
        aria-valuemax={load.total}
        aria-valuenow={Math.min(load.loaded, load.total)}
      >
        <div
          className="meter-fill"
          ref={(element) => element?.style.setProperty('width', `${share * 100}%`)}
        />
      </div>
    </aside>
  );
}
