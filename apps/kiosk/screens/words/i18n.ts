/** The texts of the store screens: every text is in the catalogues, and both catalogues hold the same keys. */
import { type Language, type PluralBase, startLanguages } from '@truecount/screens/languages';
import type { i18n } from 'i18next';
import { de } from './catalogue-de.ts';
import { en } from './catalogue-en.ts';

export type MessageKey = PluralBase<keyof typeof en>;

export const startWords = (language: Language): Promise<i18n> => startLanguages(language, { en, de });
