import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import type { FeedEvent } from '../events.ts';
import { loadGrammar } from '../receipt/built-in.ts';
import { escposDecoder, type EscposOptions } from './escpos-decoder.ts';

const loaded = loadGrammar();
if (!loaded.ok) throw new Error(loaded.problem);
const options: EscposOptions = {
  grammar: loaded.grammar,
  skuOf: ({ code, name }) => code ?? name,
  now: () => Date.parse('2026-03-02T09:00:00.000Z'),
  timeZone: 'UTC',
};
const decode = (input: Uint8Array, more: Partial<EscposOptions> = {}): FeedEvent[] => {
  const decoder = escposDecoder({ ...options, ...more });
  return [...decoder.push(input), ...decoder.end()];
};
const latin1 = (text: string) => Buffer.from(text, 'latin1');
const vector = (name: string) => readFileSync(new URL(`../vectors/escpos/${name}`, import.meta.url));
const linesOf = (events: readonly FeedEvent[]) =>
  events.flatMap((event) => (event.type === 'line' ? [event.text] : []));
const commandsOf = (events: readonly FeedEvent[]) =>
  events.flatMap((event) => (event.type === 'command' ? [event.name] : []));
const ticketOf = (events: readonly FeedEvent[]) => events.find(({ type }) => type === 'ticket');
const summaryOf = (events: readonly FeedEvent[]) => events.find(({ type }) => type === 'summary');

describe('real printer streams', () => {
  it('reads the items, tax and total of a receipt with a raster logo', () => {
    const events = decode(vector('receipt-with-logo.bin'));
    expect(ticketOf(events)).toMatchObject({
      t: '2015-04-06T14:56:25.000Z',
      lines: [
        { name: 'Example item #1', qty: 1, amount: 4 },
        { name: 'Another thing', qty: 1, amount: 3.5 },
        { name: 'Something else', qty: 1, amount: 1 },
        { name: 'A final item', qty: 1, amount: 4.45 },
      ],
      tax: 1.3,
      total: 14.25,
      balanced: true,
    });
    expect(commandsOf(events)).toEqual(['image', 'cut', 'drawer']);
    expect(summaryOf(events)).toMatchObject({ unknownBytes: 0, tickets: 1 });
  });

  it('gives every text line of that receipt', () => {
    const expected = readFileSync(
      new URL('../vectors/escpos/receipt-with-logo.expected-text.txt', import.meta.url),
      'utf8',
    )
      .split('\n')
      // The expected text was made with a plain `strings`, which shows ESC ! and the drawer's ESC p as text.
      .map((line) => line.replace(/^! /, '').trimEnd())
      .filter((line) => line.trim() !== '' && line !== 'p0<x');
    expect(linesOf(decode(vector('receipt-with-logo.bin')))).toEqual(expected);
  });

  it('decodes text by the code page in force', () => {
    const lines = linesOf(decode(vector('character-encodings.bin')));
    for (const line of [
      'Quizdeltagerne spiste jordbær med fløde, mens cirkusklovnen Wolther spillede på xylofon.',
      'Ξεσκεπάζω την ψυχοφθόρα βδελυγμία',
      'Árvíztűrő tükörfúrógép.',
      'Glāžšķūņa rūķīši dzērumā čiepj Baha koncertflīģeļu vākus.',
      'В чащах юга жил бы цитрус? Да, но фальшивый экземпляр!',
      'ｲﾛﾊﾆﾎﾍﾄ ﾁﾘﾇﾙｦ ﾜｶﾖﾀﾚｿ ﾂﾈﾅﾗﾑ',
    ])
      expect(lines).toContain(line);
  });

  it.each(['demo.bin', 'character-tables.bin', 'character-encodings.bin'])(
    '%s has no byte outside a command and no ticket',
    (name) => {
      const events = decode(vector(name));
      expect(summaryOf(events)).toMatchObject({ unknownBytes: 0, tickets: 0 });
      expect(linesOf(events).length).toBeGreaterThan(40);
    },
  );

  it('reads what barcodes and QR codes hold', () => {
    const commands = decode(vector('demo.bin')).filter(({ type }) => type === 'command');
    expect(commands).toContainEqual({ type: 'command', name: 'barcode', data: '9876' });
    expect(commands).toContainEqual({ type: 'command', name: 'qr', data: 'Testing 123' });
  });
});

describe('the dialects that receiptline prints', () => {
  const require = createRequire(import.meta.url);
  const receiptline = require('receiptline') as {
    transform: (document: string, printer: Record<string, unknown>) => string;
  };
  const document = (title: string) => `^^^${title}

Ticket 1043 | Till 3
12/08/2021, 11:22:33
---
Asparagus | 0.99
Broccoli | 1.99
Carrot | 2.99
---
^TOTAL | ^5.97
{code:1234;option:qrcode,4,L}
{code:4006381333931;option:ean13}
=`;

  it.each([
    ['escpos', 'multilingual', 'epson', 'Märkt'],
    ['epson', 'shiftjis', 'epson', '領収書'],
    ['sii', 'cp852', 'epson', 'Márka'],
    ['citizen', 'cp437', 'epson', 'Märkt'],
    ['fit', 'cp866', 'epson', 'Чек'],
    ['impact', 'multilingual', 'epson', 'Märkt'],
    ['impactb', 'cp1252', 'epson', 'Märkt'],
    ['generic', 'tis620', 'epson', 'ใบเสร็จ'],
    ['epson', 'gb18030', 'epson', '收据'],
    ['starsbcs', 'multilingual', 'star', 'Märkt'],
    ['starmbcs', 'shiftjis', 'star', '領収書'],
    ['starlinesbcs', 'cp437', 'star', 'Märkt'],
    ['emustarlinesbcs', 'cp437', 'star', 'Märkt'],
    ['starimpact', 'cp437', 'star', 'Märkt'],
  ] as const)('%s in %s is read', (command, encoding, dialect, title) => {
    const printed = receiptline.transform(document(title), { cpl: 42, encoding, command });
    const events = decode(latin1(printed), { dialect });
    expect(linesOf(events).map((line) => line.trim())).toContain(title);
    expect(ticketOf(events)).toMatchObject({
      ticket: '1043',
      till: '3',
      t: '2021-08-12T11:22:33.000Z',
      lines: [
        { name: 'Asparagus', amount: 0.99 },
        { name: 'Broccoli', amount: 1.99 },
        { name: 'Carrot', amount: 2.99 },
      ],
      total: 5.97,
      balanced: true,
    });
    expect(summaryOf(events)).toMatchObject({ unknownBytes: 0 });
  });
});

describe('commands', () => {
  it.each([
    ['GS v 0 raster image', '\x1dv0\x00\x02\x00\x03\x00ABCDEF', 'image'],
    ['ESC * bit image of three bytes a column', '\x1b*\x21\x02\x00ABCDEF', 'image'],
    ['GS ( L printing a stored picture', '\x1d(L\x02\x00\x30\x32', 'image'],
    ['GS k Code 39 ended by NUL', '\x1dk\x04ABC\x00', 'barcode'],
    ['GS k EAN-13 with its length', '\x1dkC\x0d4006381333931', 'barcode'],
    ['GS V cut', '\x1dV\x00', 'cut'],
    ['GS V feed and cut', '\x1dVB\x10', 'cut'],
    ['ESC p drawer', '\x1bp\x00\x19\xfa', 'drawer'],
    ['FS p stored picture', '\x1cp\x01\x00', 'image'],
  ])('%s is passed over by its length', (_, command, name) => {
    const events = decode(latin1(`before\n${command}after\n`));
    expect(linesOf(events)).toEqual(['before', 'after']);
    expect(commandsOf(events)).toEqual([name]);
    expect(summaryOf(events)).toMatchObject({ unknownBytes: 0 });
  });

  it.each([
    ['GS 8 L picture with a four-byte length', '\x1d8L\x05\x00\x00\x00ABCDE'],
    ['ESC & user-defined characters', `\x1b&\x03AB\x01abc\x02abcdef`],
    ['ESC D tab stops', '\x1bD\x08\x10\x00'],
    ['FS q stored pictures', `\x1cq\x01\x01\x00\x01\x00${'x'.repeat(8)}`],
    ['GS * downloaded picture', `\x1d*\x01\x01${'x'.repeat(8)}`],
    ['DLE EOT status request', '\x10\x04\x01'],
    ['DLE DC4 drawer pulse', '\x10\x14\x01\x00\x01'],
    ['GS ( A test print', '\x1d(A\x02\x00\x00\x01'],
    ['FS 2 user-defined kanji', `\x1c2ab${'x'.repeat(72)}`],
    ['ESC c 5 panel buttons', '\x1bc5\x01'],
  ])('%s says nothing and is passed over', (_, command) => {
    const events = decode(latin1(`before\n${command}after\n`));
    expect(linesOf(events)).toEqual(['before', 'after']);
    expect(summaryOf(events)).toMatchObject({ unknownBytes: 0 });
  });

  it('counts bytes that belong to no command', () => {
    expect(summaryOf(decode(latin1('a\x01b\x1b\x7fc\n')))).toMatchObject({
      unknownBytes: 3,
      errors: { 'control-byte': 1, 'unknown-command': 2 },
    });
  });

  it('does not take noise with an absurd length for a picture', () => {
    expect(linesOf(decode(latin1('\x1d8L\xff\xff\xff\xffhello\n')))).toEqual(['hello']);
  });

  it('drops a command that is half read when the line goes quiet', () => {
    const decoder = escposDecoder(options);
    decoder.push(latin1('\x1dv0\x00\x40\x00\xff'));
    decoder.idle();
    expect(linesOf(decoder.push(latin1('Milk 1.00\n')))).toEqual(['Milk 1.00']);
    expect(decoder.tally().errors).toMatchObject({ 'broken-command': expect.any(Number) });
  });
});

describe('text', () => {
  it('replaces characters by the international set', () => {
    expect(linesOf(decode(latin1('\x1bR\x02[rger \x1bR\x03#5\n')))).toEqual(['Ärger £5']);
  });

  it('lays two passes of a line over each other, and keeps lines that end with CR apart', () => {
    expect(linesOf(decode(latin1('     1.99\rMilk\nBread\rButter\rJam\n')))).toEqual([
      'Milk 1.99',
      'Bread',
      'Butter',
      'Jam',
    ]);
    expect(linesOf(decode(latin1('TOTAL 2.00\rTOTAL 2.00\r\n')))).toEqual(['TOTAL 2.00']);
  });

  it('reads UTF-8 where the printer was told so', () => {
    const input = Buffer.concat([latin1('\x1c(C\x02\x00\x30\x02'), Buffer.from('Käse 1.00 €\n')]);
    expect(linesOf(decode(input))).toEqual(['Käse 1.00 €']);
  });

  it('takes text before any code table was selected for UTF-8 where it is valid', () => {
    expect(linesOf(decode(Buffer.from('Käse £1.00 €\n')))).toEqual(['Käse £1.00 €']);
    expect(linesOf(decode(iconv.encode('Käse 1.00 ─┬─\n', 'cp437')))).toEqual(['Käse 1.00 ─┬─']);
    expect(linesOf(decode(Buffer.concat([latin1('\x1bt\x00'), Buffer.from('ä\n')])))).toEqual(['├ñ']);
  });

  it('reads double-byte text', () => {
    const input = Buffer.concat([latin1('\x1cC\x01'), iconv.encode('牛乳 1.00\n', 'shift_jis')]);
    expect(linesOf(decode(input))).toEqual(['牛乳 1.00']);
  });

  it('cuts a line that never ends, once, whatever its length', () => {
    const decoder = escposDecoder(options);
    const chunk = new Uint8Array(1 << 20).fill(0x41);
    for (let sent = 0; sent < 100; sent++) expect(decoder.push(chunk)).toEqual([]);
    const events = decoder.push(latin1('\nMilk 1.00\n'));
    expect(linesOf(events).map((line) => line.length)).toEqual([1024, 9]);
    expect(decoder.tally().errors).toMatchObject({ 'long-line': 1 });
  });
});

describe('payment cards on the paper', () => {
  it.each([
    'VISA 4111111111111111 OK',
    'CARD 4111 1111 1111 1111',
    'AMEX 3782-822463-10005',
    'No.5500005555555559',
  ])('masks the number in "%s" and counts it', (slip) => {
    const events = decode(latin1(`Milk 1.00\nTOTAL 1.00\n${slip}\n\x1dV\x00`));
    expect(JSON.stringify(events)).not.toMatch(/\d{4}[ -]?\d{4,6}[ -]?\d{4,5}/);
    expect(summaryOf(events)).toMatchObject({ cardNumbers: 1 });
  });

  it('leaves the GTIN of an item alone even where it passes the card check', () => {
    const both =
      Array.from({ length: 1000 }, (_, at) => `40000${String(at).padStart(7, '0')}`)
        .map((body) => body + gtinDigit(body))
        .find((number) => hasLuhn(number)) ?? '';
    expect(both).toHaveLength(13);
    const events = decode(latin1(`${both} Milk 1.00\nTOTAL 1.00\n\x1dV\x00`));
    expect(linesOf(events)[0]).toContain(both);
    expect(ticketOf(events)).toMatchObject({ lines: [{ code: both }] });
  });
});

const gtinDigit = (body: string) => {
  const sum = Array.from(body).reduce(
    (total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 1 : 3),
    0,
  );
  return String((10 - (sum % 10)) % 10);
};
const hasLuhn = (digits: string) =>
  Array.from(digits)
    .toReversed()
    .reduce(
      (sum, digit, at) =>
        sum + (at % 2 === 0 ? Number(digit) : ([0, 2, 4, 6, 8, 1, 3, 5, 7, 9][Number(digit)] ?? 0)),
      0,
    ) %
    10 ===
  0;

describe('any bytes', () => {
  const pieces = fc.constantFrom(
    'Ticket 7\n',
    'Oat drink 1.99\n',
    'TOTAL 1.99\n',
    '\x1dV\x00',
    '\x1b@',
    '\x1bt\x10',
    '\x1dv0\x00\x02\x00\x03\x00ABCDEF',
    '\x1d(k\x05\x001P0Hi',
    '\x1b*\x21\x05\x00',
    '\r',
    '4111111111111111',
  );
  const input = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc.array(pieces, { maxLength: 15 }).map((parts) => latin1(parts.join(''))),
  );

  it('give the same events however they are cut, and never throw', () => {
    fc.assert(
      fc.property(input, fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }), (all, cuts) => {
        const whole = escposDecoder(options);
        const parts = escposDecoder(options);
        const inParts: FeedEvent[] = [];
        for (let at = 0, turn = 0; at < all.length; turn++) {
          const size = cuts[turn % cuts.length] as number;
          inParts.push(...parts.push(all.subarray(at, at + size)));
          at += size;
        }
        expect([...inParts, ...parts.end()]).toEqual([...whole.push(all), ...whole.end()]);
        expect(parts.tally()).toEqual(whole.tally());
      }),
    );
  });

  it('of noise are counted as garbled, those of a receipt are not', () => {
    const share = (input: Uint8Array) => {
      const decoder = escposDecoder(options);
      decoder.push(input);
      return decoder.tally().garbled / input.length;
    };
    const noise = Uint8Array.from(
      { length: 20_000 },
      (_, at) => (Math.imul(at + 1, 2_654_435_761) >>> 13) & 0xff,
    );
    expect(share(noise)).toBeGreaterThan(0.02);
    expect(share(noise.map((byte) => byte | 0x80))).toBeGreaterThan(0.02);
    expect(share(vector('receipt-with-logo.bin'))).toBe(0);
  });

  it.each(['receipt-with-logo.bin', 'demo.bin', 'character-encodings.bin'])(
    '%s reads the same byte by byte',
    (name) => {
      const decoder = escposDecoder(options);
      const byByte = Array.from(vector(name)).flatMap((byte) => [...decoder.push(Uint8Array.of(byte))]);
      expect([...byByte, ...decoder.end()]).toEqual(decode(vector(name)));
    },
  );
});
