/** What a page needs to speak: texts and values in the language chosen in this browser. */
import type { Money } from '@truecount/protocol';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useShownNow } from '@truecount/screens/clock';
import * as format from './format.ts';
import { isLanguage, type Language, locales } from '@truecount/screens/languages';
import type { MessageKey } from './i18n.ts';

export interface Words {
  readonly language: Language;
  readonly locale: string;
  /** The hub's time in milliseconds. */
  readonly now: number;
  readonly t: (key: MessageKey, params?: Readonly<Record<string, string | number>>) => string;
  /** The text of a key made of a value that came over the wire, or the value itself. */
  readonly named: (prefix: string, value: string) => string;
  readonly money: (money: Money) => string;
  readonly percent: (probability: number, digits?: number) => string;
  readonly number: (value: number, digits?: number) => string;
  readonly moment: (instant: string) => string;
  readonly exactMoment: (instant: string) => string;
  readonly relative: (instant: string) => string;
}

export function useWords(): Words {
  const { t, i18n } = useTranslation();
  const now = useShownNow();
  const language = isLanguage(i18n.language) ? i18n.language : 'en';
  return useMemo(() => {
    const locale = locales[language];
    return {
      language,
      locale,
      now,
      t: (key, params) => t(key, params ?? {}),
      named: (prefix, value) => {
        const text: unknown = i18n.getResource(language, 'translation', `${prefix}.${value}`);
        return typeof text === 'string' ? text : value;
      },
      money: (money) => format.sayMoney(money, locale),
      percent: (probability, digits = 0) => format.sayPercent(probability, locale, digits),
      number: (value, digits = 0) => format.sayNumber(value, locale, digits),
      moment: (instant) => format.sayMoment(instant, locale),
      exactMoment: (instant) => format.sayExactMoment(instant, locale),
      relative: (instant) => format.sayRelative(instant, now, locale),
    };
  }, [t, i18n, language, now]);
}
