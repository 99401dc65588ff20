/** What a screen needs to speak: texts, values and evidence in the language chosen on this kiosk. */
import type { Evidence, Money } from '@truecount/protocol';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useShownNow } from '@truecount/screens/clock';
import { sayEvidence } from './evidence.ts';
import * as format from './format.ts';
import { isLanguage, type Language, locales } from '@truecount/screens/languages';
import type { MessageKey } from './i18n.ts';

export interface Words {
  readonly language: Language;
  readonly locale: string;
  /** The agent's time in milliseconds. */
  readonly now: number;
  readonly t: (key: MessageKey, params?: Readonly<Record<string, string | number>>) => string;
  readonly has: (key: string) => boolean;
  readonly money: (money: Money) => string;
  readonly percent: (probability: number) => string;
  readonly number: (value: number, digits?: number) => string;
  readonly minutes: (minutes: number) => string;
  readonly moment: (instant: string) => string;
  readonly relative: (instant: string) => string;
  readonly evidence: (evidence: Evidence) => string;
}

export function useWords(): Words {
  const { t, i18n } = useTranslation();
  const now = useShownNow();
  const language = isLanguage(i18n.language) ? i18n.language : 'en';
  return useMemo(() => {
    const locale = locales[language];
    const template = (key: string): string | undefined => {
      const text: unknown = i18n.getResource(language, 'translation', key);
      return typeof text === 'string' ? text : undefined;
    };
    return {
      language,
      locale,
      now,
      t: (key, params) => t(key, params ?? {}),
      has: (key) => template(key) !== undefined,
      money: (money) => format.sayMoney(money, locale),
      percent: (probability) => format.sayPercent(probability, locale),
      number: (value, digits = 0) => format.sayNumber(value, locale, digits),
      minutes: (minutes) => format.sayMinutes(minutes, locale),
      moment: (instant) => format.sayMoment(instant, now, locale),
      relative: (instant) => format.sayRelative(instant, now, locale),
      evidence: (evidence) => sayEvidence(evidence, { locale, now, template }),
    };
  }, [t, i18n, language, now]);
}
