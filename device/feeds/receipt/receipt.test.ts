import { readFileSync } from 'node:fs';
import { parseObservation } from '@truecount/protocol';
import { describe, expect, it } from 'vitest';
import type { FeedEvent, SkuLookup, TicketEvent } from '../events.ts';
import { parseFeedConfig } from '../config.ts';
import { builtInGrammars, loadGrammar } from './built-in.ts';
import { ReceiptReader } from './receipt-reader.ts';

const NOW = Date.parse('2026-03-02T09:00:00.000Z');

interface Reading {
  readonly grammar?: unknown;
  readonly skuOf?: SkuLookup;
  readonly timeZone?: string;
  readonly maxAgeMs?: number;
  readonly lastTicket?: (till: string) => number | undefined;
  readonly knowsItem?: (name: string) => boolean;
}

/** Reads receipts as their printed lines; a line `---cut---` is the cutter. */
function read(text: string, { grammar, skuOf = ({ code, name }) => code ?? name, ...rest }: Reading = {}) {
  const loaded = loadGrammar(grammar);
  if (!loaded.ok) throw new Error(loaded.problem);
  const counts: string[] = [];
  const reader = new ReceiptReader({
    grammar: loaded.grammar,
    skuOf,
    now: () => NOW,
    count: (code) => counts.push(code),
    ...rest,
  });
  const events: FeedEvent[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '---cut---') events.push(...reader.command('cut'));
    else if (line.trim() !== '') events.push(...reader.line(line).events);
  }
  events.push(...reader.finish());
  const tickets = events.filter((event): event is TicketEvent => event.type === 'ticket');
  const observations = events.flatMap((event) => (event.type === 'observation' ? [event] : []));
  return { events, tickets, observations, counts };
}

const items = (ticket: TicketEvent | undefined) =>
  ticket?.lines.map(({ kind, code, name, qty, amount }) => [kind, code, name, qty, amount]);

describe('layouts the generic grammar reads', () => {
  it.each([
    [
      'name and amount',
      'Oat drink 1 l            1.99\nBread                    2.50\nTOTAL                    4.49',
      [
        ['sale', undefined, 'Oat drink 1 l', 1, 1.99],
        ['sale', undefined, 'Bread', 1, 2.5],
      ],
    ],
    [
      'code before the name',
      '4006381333931 Oat drink   1.99\nTOTAL   1.99',
      [['sale', '4006381333931', 'Oat drink', 1, 1.99]],
    ],
    [
      'code after the name',
      'OAT DRINK 007874235187 F 1.99\nTOTAL 1.99',
      [['sale', '007874235187', 'OAT DRINK', 1, 1.99]],
    ],
    [
      'code on the line above',
      '4006381333931\n2 x Oat drink 1 l      3.98\n96385074\n1 x Bread       2.50\nTOTAL   6.48',
      [
        ['sale', '4006381333931', 'Oat drink 1 l', 2, 3.98],
        ['sale', '96385074', 'Bread', 1, 2.5],
      ],
    ],
    [
      'code on the line below',
      'Oat drink       1.99\n4006381333931\nBread     2.50\n96385074\nTOTAL   4.49',
      [
        ['sale', '4006381333931', 'Oat drink', 1, 1.99],
        ['sale', '96385074', 'Bread', 1, 2.5],
      ],
    ],
    [
      'quantity line after the item',
      'Oat drink      3.98\n  2 x 1.99\nBread   2.50\nTOTAL  6.48',
      [
        ['sale', undefined, 'Oat drink', 2, 3.98],
        ['sale', undefined, 'Bread', 1, 2.5],
      ],
    ],
    [
      'quantity line before the item',
      '2 @ 1.99\nOat drink      3.98\nBread   2.50\nTOTAL  6.48',
      [
        ['sale', undefined, 'Oat drink', 2, 3.98],
        ['sale', undefined, 'Bread', 1, 2.5],
      ],
    ],
    [
      'name line, then quantity, price and amount',
      'Oat drink 1 l\n   2 x 1.99        3.98\nBread\n   1 x 2.50        2.50\nTOTAL  6.48',
      [
        ['sale', undefined, 'Oat drink 1 l', 2, 3.98],
        ['sale', undefined, 'Bread', 1, 2.5],
      ],
    ],
    [
      'columns',
      'Oat drink     2    1.99    3.98\nTOTAL    3.98',
      [['sale', undefined, 'Oat drink', 2, 3.98]],
    ],
    [
      'weighed',
      'Apples       1.26\n 0.420 kg x 2.99/kg\nTOTAL    1.26',
      [['sale', undefined, 'Apples', 0.42, 1.26]],
    ],
    [
      'with tax letters',
      'Oat drink     1,99 A\nBread   2,50 B\nSUMME EUR     4,49',
      [
        ['sale', undefined, 'Oat drink', 1, 1.99],
        ['sale', undefined, 'Bread', 1, 2.5],
      ],
    ],
  ])('%s', (_, receipt, expected) => {
    const { tickets } = read(receipt);
    expect(tickets).toHaveLength(1);
    expect(tickets[0]?.balanced).toBe(true);
    expect(items(tickets[0])).toEqual(expected);
  });

  it('reads a name line with its code and a weighed second line', () => {
    const { tickets } = read('BANANAS 000000004011KF\n 1.32 lb @ 1 lb /0.52   0.69 N\nTOTAL 0.69', {
      grammar: 'us-grocery',
    });
    expect(tickets).toMatchObject([
      {
        balanced: true,
        lines: [{ name: 'BANANAS', code: '000000004011', qty: 1.32, unit: 'lb', amount: 0.69 }],
      },
    ]);
  });

  it('does not take shop, tax number, time or phone lines for items', () => {
    const { tickets } = read(
      'Corner Shop Ltd\nTel. 020 7946 0958\nVAT No. 123 4567 89\n02.03.2026 09:14\nTicket 1043 Till 3\nMilk  1.00\nTOTAL 1.00\nCASH 5.00\nCHANGE 4.00\nThank you',
    );
    expect(items(tickets[0])).toEqual([['sale', undefined, 'Milk', 1, 1]]);
    expect(tickets[0]).toMatchObject({ ticket: '1043', till: '3', balanced: true });
  });
});

describe('voids and returns', () => {
  it.each([
    ['a marker before the line', 'Milk 1.00\nBread 2.00\n** VOID **\nMilk -1.00\nTOTAL 2.00'],
    ['the word on the line', 'Milk 1.00\nBread 2.00\nVOID Milk 1.00\nTOTAL 2.00'],
    ['a negative amount of what was sold', 'Milk 1.00\nBread 2.00\nMilk 1.00-\nTOTAL 2.00'],
  ])('%s takes the sale back', (_, receipt) => {
    const { tickets, observations } = read(receipt);
    expect(tickets[0]?.balanced).toBe(true);
    expect(observations.map(({ observation }) => observation)).toMatchObject([
      { type: 'sale', sku: 'Milk', qty: 1 },
      { type: 'sale', sku: 'Bread', qty: 1 },
      { type: 'sale', sku: 'Milk', qty: -1 },
    ]);
  });

  it('records what comes back as a return', () => {
    const { observations, tickets } = read(
      'RETURN Kettle 20.00\nMilk 1.00\n4006381333931 Lamp -5.00\nTOTAL -24.00',
    );
    expect(observations.map(({ observation }) => observation)).toMatchObject([
      { type: 'return', sku: 'Kettle', qty: 1 },
      { type: 'sale', sku: 'Milk', qty: 1 },
      { type: 'return', sku: '4006381333931', qty: 1 },
    ]);
    expect(tickets[0]?.balanced).toBe(true);
  });

  it('takes a negative line for a discount, unless the shop sells something of that name', () => {
    const receipt = 'Milk 1.00\nLamp -0.20\nTOTAL 0.80';
    const unknown = read(receipt);
    expect(unknown.tickets).toMatchObject([{ balanced: true, adjustments: -0.2, lines: [{ name: 'Milk' }] }]);
    const known = read(receipt, { knowsItem: (name) => name === 'Lamp' });
    expect(known.observations).toMatchObject([
      { observation: { type: 'sale' } },
      { observation: { type: 'return', sku: 'Lamp' } },
    ]);
  });

  it('takes every line of a refund receipt as a return', () => {
    const { observations, tickets } = read('REFUND RECEIPT\nKettle 20.00\nTOTAL 20.00');
    expect(observations).toMatchObject([{ observation: { type: 'return', sku: 'Kettle' } }]);
    expect(tickets[0]?.balanced).toBe(true);
  });

  it.each(['*** DUPLICATE ***', 'TRAINING MODE', 'TRANSACTION VOIDED', 'Z-REPORT', 'MERCHANT COPY'])(
    'moves nothing on a ticket marked "%s"',
    (mark) => {
      const { tickets, observations } = read(`${mark}\nMilk 1.00\nTOTAL 1.00`);
      expect(tickets).toHaveLength(1);
      expect(tickets[0]?.voided).toBeDefined();
      expect(observations).toEqual([]);
    },
  );
});

describe('totals', () => {
  it('count discounts, taxes and charges', () => {
    const { tickets } = read(
      'Milk 10.00\nCoupon 1.00\nSubtotal 9.00\nSales tax 0.90\nBag fee 0.10\nTOTAL 10.00',
    );
    expect(tickets[0]).toMatchObject({ balanced: true, tax: 0.9, adjustments: -0.9, total: 10 });
  });

  it('flag a ticket that does not add up, and keep it with its observations', () => {
    const { tickets, observations, counts } = read('Milk 1.00\nTOTAL 9.00');
    expect(tickets[0]).toMatchObject({ balanced: false, total: 9 });
    expect(observations).toHaveLength(1);
    expect(counts).toContain('unbalanced-ticket');
  });

  it('flag a ticket whose total never came', () => {
    expect(read('Milk 1.00\n---cut---').tickets).toMatchObject([{ balanced: false }]);
  });
});

describe('tickets', () => {
  const sale = (ticket: number, till = 3) =>
    `Ticket ${ticket} Till ${till}\nMilk 1.00\nTOTAL 1.00\n---cut---`;

  it('end at the cut, or where the next number begins', () => {
    expect(read([sale(1), sale(2)].join('\n')).tickets.map(({ ticket }) => ticket)).toEqual(['1', '2']);
    const uncut = [sale(1), sale(2)].join('\n').replaceAll('---cut---\n', '');
    expect(read(uncut).tickets.map(({ ticket }) => ticket)).toEqual(['1', '2']);
  });

  it('that skip numbers are reported per till', () => {
    const { events } = read([sale(7), sale(100, 4), sale(8), sale(11), sale(101, 4)].join('\n'));
    expect(events.filter(({ type }) => type === 'ticket-gap')).toEqual([
      { type: 'ticket-gap', till: '3', after: 8, before: 11, missing: 2 },
    ]);
  });

  it('give each line the same key however often they are printed', () => {
    const keys = read([sale(7), sale(7)].join('\n')).observations.map(({ key }) => key);
    expect(keys).toEqual(['3/7/1', '3/7/1']);
  });

  it('carry the printed date in their keys, so that a number used again next year counts', () => {
    const dated = `2026-03-01\n${sale(7)}`;
    expect(read(dated).observations[0]?.key).toBe('3/2026-03-01/7/1');
  });

  it('missed while nobody listened are noticed from the last one known before', () => {
    const { events } = read(sale(12), { lastTicket: (till) => (till === '3' ? 9 : undefined) });
    expect(events).toContainEqual({ type: 'ticket-gap', till: '3', after: 9, before: 12, missing: 2 });
  });

  it('whose numbers start over each day have the day in their keys', () => {
    const grammar = { name: 'daily', extends: 'generic', numbering: 'daily' };
    expect(read(sale(7), { grammar }).observations[0]?.key).toBe('3/2026-03-02/7/1');
  });

  it('produce observations that the protocol accepts', () => {
    for (const { observation } of read(`${sale(7)}\nRETURN Milk 1.00\nTOTAL -1.00`).observations)
      expect(parseObservation(observation)).toMatchObject({ ok: true });
  });

  it('report an item without SKU instead of guessing one', () => {
    const { events, tickets, observations } = read(sale(7), { skuOf: () => undefined });
    expect(tickets).toHaveLength(1);
    expect(observations).toEqual([]);
    expect(events).toContainEqual({ type: 'refused', reason: 'no SKU is known for "Milk"', raw: 'Milk' });
  });

  it('hand the lookup code, GTIN and name', () => {
    const asked: unknown[] = [];
    read('4006381333931 Milk 1.00\nTOTAL 1.00', { skuOf: (item) => (asked.push(item), 'milk') });
    expect(asked).toEqual([{ code: '4006381333931', gtin: '04006381333931', name: 'Milk' }]);
  });
});

describe('the time of a ticket', () => {
  const ticket = (when: string) => `${when}\nMilk 1.00\nTOTAL 1.00`;
  it.each([
    ['2026-03-01 18:05:09', '2026-03-01T17:05:09.000Z'],
    ['01/03/2026 6:05 PM', '2026-03-01T17:05:00.000Z'],
    ['1.3.26 18:05', '2026-03-01T17:05:00.000Z'],
    ['Sunday 1st of March 2026 06:05:09 PM', '2026-03-01T17:05:09.000Z'],
    ['Mar 1, 2026 18:05', '2026-03-01T17:05:00.000Z'],
  ])('is read from "%s" in the store\'s zone', (when, t) => {
    expect(read(ticket(when), { timeZone: 'Europe/Berlin' }).tickets[0]?.t).toBe(t);
  });

  it('is the arrival without a zone, and when the printed one is impossible or too old', () => {
    expect(read(ticket('2026-03-01 18:05')).tickets[0]?.t).toBe('2026-03-02T09:00:00.000Z');
    const limited = { timeZone: 'UTC', maxAgeMs: 86_400_000 };
    for (const when of ['2026-02-31 10:00', '2019-01-01 10:00', '2027-01-01 10:00']) {
      const { tickets, counts } = read(ticket(when), limited);
      expect(tickets[0]?.t).toBe('2026-03-02T09:00:00.000Z');
      expect(counts).toContain('printed-time');
    }
  });
});

describe('grammars', () => {
  it.each([...builtInGrammars.keys()])('the built-in "%s" compiles', (name) => {
    expect(loadGrammar(name)).toMatchObject({ ok: true });
  });

  it('reads other layouts with the other built-ins', () => {
    expect(items(read('2 Oat drink 3.98\nTOTAL 3.98', { grammar: 'quantity-first' }).tickets[0])).toEqual([
      ['sale', undefined, 'Oat drink', 2, 3.98],
    ]);
    expect(
      items(read('OAT DRINK 007874235187 F 1.99 N\nTOTAL 1.99', { grammar: 'us-grocery' }).tickets[0]),
    ).toEqual([['sale', '007874235187', 'OAT DRINK', 1, 1.99]]);
    expect(read('牛乳　　¥1,280\n合計\nTOTAL ¥1,280', { grammar: 'whole-units' }).tickets[0]).toMatchObject({
      total: 1280,
    });
    expect(items(read('Milch  1.234,50\nSUMME EUR 1.234,50', { grammar: 'european' }).tickets[0])).toEqual([
      ['sale', undefined, 'Milch', 1, 1234.5],
    ]);
  });

  it('written as the README shows are right', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const [settings, grammar] = Array.from(
      readme.matchAll(/```json\n(.*?)```/gs),
      ([, json = '']) => JSON.parse(json) as unknown,
    );
    expect(parseFeedConfig(settings)).toMatchObject({ ok: true });
    expect(
      items(
        read('Bon 17/3\n2*4006381333931 Milch  2,00\nSTORNO Milch  2,00\nSUMME 0,00', { grammar }).tickets[0],
      ),
    ).toEqual([
      ['sale', '4006381333931', 'Milch', 2, 2],
      ['void', '4006381333931', 'Milch', 2, -2],
    ]);
  });

  it('can be written for one till', () => {
    const grammar = {
      name: 'kiosk 7',
      facts: { ticket: ['^#(?<ticket>\\d+)$'] },
      lines: [
        { is: 'item', match: '^(?<qty>\\d+)\\*(?<code>\\w+) {amount}$' },
        { is: 'total', match: '^= {amount}$' },
      ],
    };
    const { tickets } = read('#12\n2*MILK 3.00\n= 3.00', { grammar });
    expect(tickets).toMatchObject([{ ticket: '12', lines: [{ code: 'MILK', qty: 2 }], balanced: true }]);
  });

  it.each([
    [{ name: 'x', lines: [{ is: 'item', match: '(' }] }, /lines\[0\].*no regular expression/],
    [{ name: 'x', lines: [{ is: 'item', match: '{price} {colour}' }] }, /unknown placeholder \{colour\}/],
    [{ name: 'x', lines: [{ is: 'thing', match: 'x' }] }, /lines/],
    [{ name: 'x', extends: 'nothing' }, /not a built-in/],
    ['nothing', /no built-in grammar "nothing"/],
    [42, /./],
  ])('%j is refused and says why', (grammar, problem) => {
    expect(loadGrammar(grammar)).toMatchObject({ ok: false, problem: expect.stringMatching(problem) });
  });

  it('stay quick on lines made to be slow', () => {
    const hostile = [
      `${'1.00 '.repeat(60)}x`,
      `${' '.repeat(199)}x`,
      'a '.repeat(100),
      '9'.repeat(199),
      `total ${'tax '.repeat(50)}`,
      '1 x '.repeat(60),
    ];
    const startedMs = performance.now();
    for (let turn = 0; turn < 20; turn++) read(hostile.join('\n'));
    expect(performance.now() - startedMs).toBeLessThan(5000);
  });
});
