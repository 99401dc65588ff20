import { caseStates, exceptionKinds, optionKinds, roles, tiers, transferStages } from '@truecount/protocol';
import { expect, test } from 'vitest';
import { de } from './catalogue-de.ts';
import { en } from './catalogue-en.ts';
import { sayMoney, sayPercent, sayRelative } from './format.ts';
import { locales } from '@truecount/screens/languages';

const slotsOf = (text: string): readonly string[] =>
  [...text.matchAll(/\{\{\s*(\w+)/g)].map((match) => match[1] ?? '').sort();
const catalogues = { en, de } as const;
const keys = Object.keys(en) as readonly (keyof typeof en)[];

test('every language has the same keys and no empty text', () => {
  expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
  for (const key of keys) for (const texts of Object.values(catalogues)) expect(texts[key]).not.toBe('');
});

test('a translation names the same values as the English text', () => {
  for (const key of keys) expect([key, slotsOf(de[key])]).toEqual([key, slotsOf(en[key])]);
});

test('every plural form that a language needs is there', () => {
  for (const [language, texts] of Object.entries(catalogues)) {
    const forms = new Intl.PluralRules(locales[language as keyof typeof locales]).resolvedOptions()
      .pluralCategories;
    for (const key of keys.filter((name) => name.endsWith('_one')))
      for (const form of forms) expect(texts).toHaveProperty([key.replace(/_one$/, `_${form}`)]);
  }
});

test('everything the hub can name has words', () => {
  const named = [
    ...caseStates.map((state) => `state.${state}`),
    ...exceptionKinds.map((kind) => `exception.${kind}`),
    ...optionKinds.map((option) => `answer.${option}`),
    ...roles.map((role) => `role.${role}`),
    ...tiers.map((tier) => `tier.${tier}`),
    ...transferStages.map((stage) => `stage.${stage}`),
  ];
  expect(named.filter((key) => !(key in en))).toEqual([]);
});

test('values follow the language and never claim certainty', () => {
  expect(sayMoney({ minor: -640, currency: 'EUR' }, 'en-GB')).toBe('-€6.40');
  expect(sayPercent(0.99951, 'en-GB', 1)).toBe('> 99.9%');
  expect(sayPercent(0.0036, 'en-GB', 1)).toBe('0.4%');
  const now = Date.parse('2026-03-03T09:00:00.000Z');
  expect(sayRelative('2026-03-03T08:20:00.000Z', now, 'de-DE')).toBe('vor 40 Min.');
});
