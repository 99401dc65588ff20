/** The languages of the screens; the texts are in each application's catalogues. */
import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';

export const languages = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof languages;

/** Region that numbers, dates and money follow, by language. */
export const locales: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE' };

/** A message's name, whichever plural forms it has. */
export type PluralBase<Key extends string> = Key extends `${infer Base}_${'one' | 'other'}` ? Base : Key;

export const isLanguage = (text: string | undefined): text is Language =>
  text !== undefined && Object.hasOwn(languages, text);

/** @param catalogues a text by name for every language, all with the same names */
export async function startLanguages(
  language: Language,
  catalogues: Readonly<Record<Language, Readonly<Record<string, string>>>>,
): Promise<i18n> {
  const instance = i18next.createInstance();
  await instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    keySeparator: false,
    nsSeparator: false,
    resources: Object.fromEntries(
      Object.entries(catalogues).map(([name, translation]) => [name, { translation }]),
    ),
    // React escapes what it renders.
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  return instance;
}
