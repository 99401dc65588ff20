/** Language and theme, kept in this browser. A blocked or full store means the defaults, not a failure. */
import { isLanguage, type Language } from '../words/languages.ts';

export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const read = (key: string): string | undefined => {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
};
const write = (key: string, value: string): void => {
  try {
    localStorage.setItem(key, value);
  } catch {
    // The choice holds until the next start.
  }
};

export function preferredLanguage(): Language {
  const kept = read('truecount.language');
  if (isLanguage(kept)) return kept;
  const spoken = navigator.language.slice(0, 2);
  return isLanguage(spoken) ? spoken : 'en';
}

export function keepLanguage(language: Language): void {
  write('truecount.language', language);
  document.documentElement.lang = language;
}

export const preferredTheme = (): Theme =>
  themes.find((theme) => theme === read('truecount.theme')) ?? 'auto';

export function applyTheme(theme: Theme): void {
  write('truecount.theme', theme);
  document.documentElement.dataset['theme'] = theme;
}
