import { evidenceCodes, exceptionKinds, stockCauses, taskKinds, transferStages } from '@truecount/protocol';
import { describe, expect, test } from 'vitest';
import { de } from './catalogue-de.ts';
import { en } from './catalogue-en.ts';
import { sayEvidence } from './evidence.ts';
import { locales } from '@truecount/screens/languages';

const slotsOf = (text: string): readonly string[] =>
  [...text.matchAll(/\{\{\s*(\w+)/g)].map((match) => match[1] ?? '').sort();
const catalogues = { en, de } as const;
const keys = Object.keys(en) as readonly (keyof typeof en)[];

describe('catalogues', () => {
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

  test('everything the agent can name has words: evidence, exceptions, tasks, causes, stages', () => {
    const hasWords = (key: string): boolean => key in en || `${key}_one` in en;
    const named = [
      ...evidenceCodes.map((code) => `evidence.${code}`),
      ...exceptionKinds.map((kind) => `exception.${kind}`),
      ...taskKinds.flatMap((kind) => [`task.${kind}`, `task.${kind}-go`]),
      ...stockCauses.map((cause) => `cause.${cause}`),
      ...transferStages.map((stage) => `stage.${stage}`),
    ];
    expect(named.filter((key) => !hasWords(key))).toEqual([]);
  });
});

describe('evidence', () => {
  const speaker = (texts: Readonly<Record<string, string>>, locale: string) => ({
    locale,
    now: Date.parse('2026-03-03T09:00:00.000Z'),
    template: (key: string) => texts[key],
  });
  const noSale = {
    code: 'no-sale',
    params: { hours: 31, perDay: 9.25 },
    at: '2026-03-03T08:00:00.000Z',
    text: 'no sale for 31 hours, usually 9.25 a day',
  };

  test('is said in the reader’s language with its numbers', () => {
    expect(sayEvidence(noSale, speaker(de, 'de-DE'))).toBe('Kein Verkauf seit 31 Stunden, sonst 9,3 am Tag');
    expect(sayEvidence({ ...noSale, params: { hours: 1, perDay: 9 } }, speaker(en, 'en-GB'))).toBe(
      'No sale for 1 hour, usually 9 a day',
    );
  });

  test('falls back to the line that came with it when the code is not known here', () => {
    expect(sayEvidence({ ...noSale, code: 'from-a-newer-agent' }, speaker(de, 'de-DE'))).toBe(noSale.text);
  });

  test('falls back rather than leave a hole where a value was not sent', () => {
    expect(sayEvidence({ ...noSale, params: { hours: 31 } }, speaker(de, 'de-DE'))).toBe(noSale.text);
  });
});
