/**
 * Evidence in the reader's language: by code and parameters where the catalogue knows the code and every
 * parameter it needs was sent; otherwise the English line that came with it. Nothing is ever said with a hole.
 */
import type { Evidence } from '@truecount/protocol';
import { sayMoment, sayMoney, sayNumber, sayPercent } from './format.ts';

export interface EvidenceSpeaker {
  readonly locale: string;
  readonly now: number;
  /** The message's template in this language, or nothing. */
  readonly template: (key: string) => string | undefined;
}

const slots = /\{\{\s*([\w.]+)(?:\s*,\s*(\w+))?\s*\}\}/g;
const isInstant = /^\d{4}-\d{2}-\d{2}T/;

function sayValue(value: string | number, kind: string | undefined, speaker: EvidenceSpeaker): string {
  if (kind === 'percent' && typeof value === 'number') return sayPercent(value, speaker.locale);
  if (kind === 'moment' || (typeof value === 'string' && isInstant.test(value)))
    return sayMoment(String(value), speaker.now, speaker.locale);
  return typeof value === 'number' ? sayNumber(value, speaker.locale, 1) : value;
}

export function sayEvidence(evidence: Evidence, speaker: EvidenceSpeaker): string {
  const plural = pluralOf(evidence, speaker.locale);
  const template =
    (plural && speaker.template(`evidence.${evidence.code}_${plural}`)) ??
    speaker.template(`evidence.${evidence.code}`);
  if (!template) return evidence.text;
  let isWhole = true;
  const said = template.replaceAll(slots, (_, name: string, kind: string | undefined) => {
    const value = evidence.params[name];
    if (value === undefined) isWhole = false;
    if (kind === 'money' && typeof value === 'number')
      return sayMoney({ minor: value, currency: String(evidence.params['currency']) }, speaker.locale);
    return value === undefined ? '' : sayValue(value, kind, speaker);
  });
  return isWhole ? said : evidence.text;
}

/** The quantity a line turns on, for "1 unit" against "3 units". */
function pluralOf(evidence: Evidence, locale: string): Intl.LDMLPluralRule | undefined {
  const quantity = ['hours', 'days', 'minutes', 'missing']
    .map((name) => evidence.params[name])
    .find((value): value is number => typeof value === 'number');
  return quantity === undefined ? undefined : new Intl.PluralRules(locale).select(quantity);
}
