import { useSyncExternalStore } from 'react';

const dark = matchMedia('(prefers-color-scheme: dark)');

function follow(changed: () => void): () => void {
  const watch = new MutationObserver(changed);
  watch.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  dark.addEventListener('change', changed);
  return () => {
    watch.disconnect();
    dark.removeEventListener('change', changed);
  };
}

const current = (): string => `${document.documentElement.dataset['theme'] ?? ''}-${dark.matches}`;

/** Changes whenever the colours on screen change, for what is drawn rather than styled. */
export const useThemeChange = (): string => useSyncExternalStore(follow, current);
