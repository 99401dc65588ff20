import type { StoreView } from '@truecount/protocol';
import { useWords } from '../words/use-words.ts';
import { standingOf } from './store-words.ts';

/** Online, or since when it is out of reach: an outage is a normal state, told quietly. */
export function Standing({ store }: { readonly store: StoreView }) {
  const { t, relative } = useWords();
  const standing = standingOf(store);
  return (
    <span className="standing" data-standing={standing}>
      <span className="dot" aria-hidden />
      {standing === 'online' && t('store.online')}
      {standing === 'never' && t('store.never')}
      {standing === 'outage' && t('store.outage', { when: relative(store.since ?? '') })}
    </span>
  );
}
