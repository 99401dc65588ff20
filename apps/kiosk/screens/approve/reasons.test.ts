import { evidence, type Transfer } from '@truecount/protocol';
import { expect, test } from 'vitest';
import { de } from '../words/catalogue-de.ts';
import { sayEvidence } from '../words/evidence.ts';
import type { Words } from '../words/use-words.ts';
import { becauseOf, otherwiseOf } from './reasons.ts';

const at = '2026-03-02T12:00:00.000Z';
const german = {
  evidence: (fact: Parameters<typeof sayEvidence>[0]) =>
    sayEvidence(fact, {
      locale: 'de-DE',
      now: Date.parse(at),
      template: (key) => (de as Readonly<Record<string, string>>)[key],
    }),
} as Words;
const proposed = {
  because: 'Market Square sells 3.5 a day.',
  otherwise: 'It loses 12.50 EUR.',
} as Transfer;

test('a proposal is explained in the reader’s language, money included', () => {
  const transfer = {
    ...proposed,
    why: [
      evidence('store-sells', { store: 'Market Square', perDay: 3.5 }, at),
      evidence('donor-sure', { store: 'Harbour', percent: 93, qty: 2 }, at),
    ],
    ifNot: evidence('sales-at-stake', { store: 'Market Square', minor: 1250, currency: 'EUR' }, at),
  };
  expect(becauseOf(transfer, german)).toBe(
    'Market Square verkauft 3,5 am Tag. Harbour hat zu 93 % sicher 2.',
  );
  expect(otherwiseOf(transfer, german).replaceAll('\u00a0', ' ')).toBe(
    'Ohne Umlagerung entgehen Market Square bis zur nächsten Lieferung voraussichtlich Verkäufe für 12,50 €.',
  );
});

test('what an older hub sent is said as it came', () => {
  expect([becauseOf(proposed, german), otherwiseOf(proposed, german)]).toEqual([
    'Market Square sells 3.5 a day.',
    'It loses 12.50 EUR.',
  ]);
});

test('why the hub could not keep an approval is said in the reader’s language', () => {
  const limits = { minor: 5000, limit: 2000, currency: 'EUR' };
  expect(german.evidence(evidence('over-outage-limit', limits, at)).replaceAll('\u00a0', ' ')).toBe(
    '50,00 € stehen auf dem Spiel, die Grenze während des Ausfalls war 20,00 €',
  );
  expect(german.evidence(evidence('approved-late', { minutes: 1 }, at))).toBe(
    'Freigegeben wurde 1 Minute nach dem Ende des Vorschlags',
  );
});
