import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeedEvent } from '../events.ts';
import { poslogDecoder } from './poslog-decoder.ts';

const real = readFileSync(new URL('../vectors/poslog/SMALL.redacted.xml', import.meta.url));
const options = { skuOf: ({ code }: { code?: string }) => code, now: () => 0 };
const bytes = (text: string) => new TextEncoder().encode(text);
const decode = (input: Uint8Array, timeZone = 'UTC'): FeedEvent[] => {
  const decoder = poslogDecoder({ ...options, timeZone });
  return [...decoder.push(input), ...decoder.end()];
};
const observations = (events: readonly FeedEvent[]) =>
  events.flatMap((event) => (event.type === 'observation' ? [event.observation] : []));

interface Item {
  readonly seq: number;
  readonly code?: string;
  readonly qty?: string;
  readonly amount?: string;
  readonly is?: 'Sale' | 'Return';
  readonly voidFlag?: boolean;
}
const lineItem = ({
  seq,
  code = '4006381333931',
  qty = '1',
  amount = '2.00',
  is = 'Sale',
  voidFlag = false,
}: Item) =>
  `<LineItem${voidFlag ? ' VoidFlag="true"' : ''}><SequenceNumber>${seq}</SequenceNumber><${is}><ItemID>${code}</ItemID>` +
  `<Quantity>${qty}</Quantity><ExtendedAmount>${amount}</ExtendedAmount></${is}></LineItem>`;
const transaction = (ticket: number, items: readonly Item[], total: string, flags = '') =>
  `<Transaction ${flags}><WorkstationID>3</WorkstationID><SequenceNumber>${ticket}</SequenceNumber>` +
  '<BusinessDayDate>2026-03-02</BusinessDayDate><EndDateTime>2026-03-02T10:00:00</EndDateTime>' +
  `<CurrencyCode>EUR</CurrencyCode><RetailTransaction>${items.map(lineItem).join('')}` +
  `<Total TotalType="TransactionGrandAmount">${total}</Total></RetailTransaction></Transaction>`;
const poslog = (...transactions: readonly string[]) =>
  bytes(`<?xml version="1.0"?><POSLog>${transactions.join('')}</POSLog>`);

describe('a POSLog of a real grocery till', () => {
  it('gives the weighed sale, balanced with its reward, and skips the sign-on', () => {
    const events = decode(real);
    expect(events.filter(({ type }) => type === 'ticket')).toMatchObject([
      {
        ticket: '161',
        till: '34',
        t: '2017-10-01T02:02:54.000Z',
        lines: [
          {
            line: 1,
            kind: 'sale',
            name: 'APPLE HONEYCRISP ORG',
            code: '00000000067591',
            qty: 0.42,
            amount: 1.26,
          },
        ],
        total: 1.07,
        balanced: true,
      },
    ]);
    expect(observations(events)).toEqual([
      {
        type: 'sale',
        t: '2017-10-01T02:02:54.000Z',
        sku: '00000000067591',
        qty: 0.42,
        till: '34',
        ticket: '161',
        line: 1,
      },
    ]);
    expect(events.some(({ type }) => type === 'refused')).toBe(false);
  });

  it('reads local times in the time zone of the store', () => {
    expect(observations(decode(real, 'America/Los_Angeles'))).toMatchObject([
      { t: '2017-10-01T09:02:54.000Z' },
    ]);
  });
});

describe('line items', () => {
  it('takes back a voided line and records a return', () => {
    const events = decode(
      poslog(
        transaction(
          7,
          [
            { seq: 1 },
            { seq: 2, code: 'B', amount: '3.50' },
            { seq: 3, voidFlag: true },
            { seq: 4, code: 'C', is: 'Return' },
          ],
          '1.50',
        ),
      ),
    );
    expect(
      observations(events).map(({ type, ...rest }) => [type, 'qty' in rest ? rest.qty : undefined]),
    ).toEqual([
      ['sale', 1],
      ['sale', 1],
      ['sale', -1],
      ['return', 1],
    ]);
    expect(events.find(({ type }) => type === 'ticket')).toMatchObject({ balanced: true });
  });

  it('leaves out a line that is flagged void and was never sold before', () => {
    const events = decode(
      poslog(
        transaction(
          7,
          [
            { seq: 1, voidFlag: true },
            { seq: 2, code: 'B' },
          ],
          '2.00',
        ),
      ),
    );
    expect(observations(events)).toMatchObject([{ sku: 'B', qty: 1 }]);
  });

  it.each(['CancelFlag="true"', 'TrainingModeFlag="true"'])(
    'moves nothing when the transaction has %s',
    (flag) => {
      const events = decode(poslog(transaction(7, [{ seq: 1 }], '2.00', flag)));
      expect(events.filter(({ type }) => type === 'ticket')).toHaveLength(1);
      expect(observations(events)).toEqual([]);
    },
  );

  it('keeps and flags a ticket that does not add up', () => {
    const events = decode(poslog(transaction(7, [{ seq: 1 }], '9.99')));
    expect(events.find(({ type }) => type === 'ticket')).toMatchObject({ balanced: false });
    expect(observations(events)).toHaveLength(1);
  });
});

describe('ticket numbers', () => {
  it('are complete in any order, and a hole is reported at the end of the document', () => {
    const sale = (ticket: number) => transaction(ticket, [{ seq: 1 }], '2.00');
    expect(decode(poslog(sale(12), sale(10), sale(11))).filter(({ type }) => type === 'ticket-gap')).toEqual(
      [],
    );
    expect(decode(poslog(sale(14), sale(10), sale(11))).filter(({ type }) => type === 'ticket-gap')).toEqual([
      { type: 'ticket-gap', till: '3', after: 11, before: 14, missing: 2 },
    ]);
  });
});

describe('hostile input', () => {
  it('does not look at document types, so there is no entity to expand', () => {
    const bomb =
      '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' +
      '<POSLog><Transaction><WorkstationID>&b;</WorkstationID></Transaction></POSLog>';
    const events = decode(bytes(bomb + transaction(1, [{ seq: 1 }], '2.00')));
    expect(events.filter(({ type }) => type === 'refused')).toHaveLength(1);
    expect(observations(events)).toHaveLength(1);
  });

  it('loses only the broken transaction', () => {
    const broken = transaction(2, [{ seq: 1 }], '2.00').replace('</Quantity>', '</Quantum>');
    const events = decode(
      poslog(transaction(1, [{ seq: 1 }], '2.00'), broken, transaction(3, [{ seq: 1 }], '2.00')),
    );
    expect(events.filter(({ type }) => type === 'ticket')).toHaveLength(2);
    expect(events.filter(({ type }) => type === 'refused')).toHaveLength(1);
  });

  it('reports a transaction that never ends, with bounded memory', () => {
    const decoder = poslogDecoder(options);
    const chunk = new Uint8Array(1 << 20).fill(0x61);
    const events = [...decoder.push(bytes('<Transaction>'))];
    for (let sent = 0; sent < 20; sent++) events.push(...decoder.push(chunk));
    expect(events).toMatchObject([{ type: 'refused', reason: expect.stringMatching(/longer/) }]);
    events.push(...decoder.push(bytes(transaction(1, [{ seq: 1 }], '2.00'))), ...decoder.end());
    expect(observations(events)).toHaveLength(1);
  });

  it('gives the same events however the bytes are cut, and never throws', () => {
    const pieces = fc.array(
      fc.oneof(
        fc.constantFrom(
          transaction(1, [{ seq: 1 }], '2.00'),
          transaction(5, [{ seq: 1, qty: 'x' }], '2.00'),
          '</POSLog>',
          '<Transaction>',
          '</Transaction>',
          '<![CDATA[<Transaction>]]>',
          'junk < & >',
          'Größe €',
        ),
        fc.string({ maxLength: 20 }),
      ),
      { maxLength: 8 },
    );
    const input = fc.oneof(
      pieces.map((parts) => bytes(parts.join(''))),
      fc.uint8Array({ maxLength: 200 }),
    );
    fc.assert(
      fc.property(input, fc.integer({ min: 1, max: 40 }), (all, size) => {
        const whole = poslogDecoder(options);
        const parts = poslogDecoder(options);
        const inParts: FeedEvent[] = [];
        for (let at = 0; at < all.length; at += size)
          inParts.push(...parts.push(all.subarray(at, at + size)));
        expect([...inParts, ...parts.end()]).toEqual([...whole.push(all), ...whole.end()]);
      }),
    );
  });
});
