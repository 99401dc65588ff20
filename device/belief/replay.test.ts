import { parseObservation } from '@truecount/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBelief, Replay } from './index.ts';
import { PlainLine } from './observation-line.ts';
import { isPlainCatalog } from './plain-catalog.ts';
import { PositionLines } from './position-lines.ts';
import { SeenKeys } from './seen-keys.ts';

const fold = (lines: readonly string[]): { replay: Replay; refused: [number, string][] } => {
  const replay = new Replay(createBelief(), parseObservation);
  const refused: [number, string][] = [];
  lines.forEach((line, i) => {
    replay.feed(Buffer.from(`${line}\n`));
    const outcome = replay.next();
    if (outcome?.kind === 'refused') refused.push([i + 1, outcome.problem]);
  });
  return { replay, refused };
};

/** What a replay answers, line by line. */
const answersOf = (replay: Replay): Readonly<Record<string, unknown>>[] =>
  Buffer.concat([...replay.answers()])
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);

const day = (hour: string): string => `2026-03-02T${hour}:00.000Z`;
const sale = (hour: string, more: object = {}): string =>
  JSON.stringify({ t: day(hour), type: 'sale', sku: 'a', qty: 1, ...more });
const opening = [
  JSON.stringify({ t: day('08:00'), type: 'open' }),
  JSON.stringify({ t: day('08:00'), type: 'record', sku: 'a', qty: 12 }),
];
const close = JSON.stringify({ t: day('20:00'), type: 'close' });

describe('replaying lines', () => {
  it('asks at close and checkpoint and answers in the documented form', () => {
    const { replay } = fold([...opening, sale('09:00'), close]);
    const [position] = answersOf(replay);
    expect(position).toMatchObject({ t: day('20:00'), sku: 'a', record: 11 });
    expect(Object.keys(position ?? {})).toEqual([
      't',
      'sku',
      'record',
      'confidence',
      'p0',
      'mean',
      'p05',
      'p95',
      'rate',
    ]);
    expect(Number(position?.['confidence']) + Number(position?.['p0'])).toBeCloseTo(1, 6);
  });

  it('counts the same delivery once, by id or by feed, ticket and line', () => {
    const once = fold([
      ...opening,
      sale('09:00', { id: 'x1' }),
      sale('10:00', { feed: 'pos', ticket: '7', line: 1 }),
      close,
    ]);
    const twice = fold([
      ...opening,
      sale('09:00', { id: 'x1' }),
      sale('09:00', { id: 'x1' }),
      sale('10:00', { feed: 'pos', ticket: '7', line: 1 }),
      sale('10:00', { feed: 'pos', ticket: '7', line: 1, loyalty: { card: true } }),
      close,
    ]);
    expect(answersOf(twice.replay)).toEqual(answersOf(once.replay));
  });

  it('keeps two lines of one ticket apart', () => {
    const { replay } = fold([
      ...opening,
      sale('09:00', { feed: 'pos', ticket: '7', line: 1 }),
      sale('09:00', { feed: 'pos', ticket: '7', line: 2 }),
      close,
    ]);
    expect(answersOf(replay)[0]?.['record']).toBe(10);
  });

  it('reports bad lines by number and goes on', () => {
    const { replay, refused } = fold([
      ...opening,
      '{"t":',
      sale('09:00'),
      '{"t":"2026-03-02T09:00:00.000Z","type":"theft"}',
      sale('25:00'),
      close,
    ]);
    expect(refused.map(([line]) => line)).toEqual([3, 5, 6]);
    expect(refused[1]?.[1]).toMatch(/unknown type "theft"/);
    expect(answersOf(replay)[0]?.['record']).toBe(11);
  });

  it('says the same however the bytes of a file are cut', () => {
    const lines = [...opening, sale('09:00', { id: 'x1' }), '{"t":', sale('09:30', { by: 'ü' }), '', close];
    const whole = fold(lines);
    const file = Buffer.from(lines.join('\r\n'));
    fc.assert(
      fc.property(fc.array(fc.nat(file.length), { maxLength: 6 }), (cuts) => {
        const replay = new Replay(createBelief(), parseObservation);
        const said: string[] = [];
        const take = (): void => {
          for (let outcome = replay.next(); outcome !== undefined; outcome = replay.next())
            said.push(`${replay.lines} ${outcome.kind}`);
        };
        const ends = [...cuts.sort((a, b) => a - b), file.length];
        ends.forEach((end, i) => {
          replay.feed(file.subarray(ends[i - 1] ?? 0, end));
          take();
        });
        replay.end();
        take();
        expect(said).toEqual(['4 refused', '7 asked']);
        expect(answersOf(replay)).toEqual(answersOf(whole.replay));
      }),
      { numRuns: 30 },
    );
  });

  it('refuses a line without end and goes on behind it', () => {
    const replay = new Replay(createBelief(), parseObservation);
    const said: string[] = [];
    const take = (): void => {
      for (let outcome = replay.next(); outcome !== undefined; outcome = replay.next())
        said.push(`${replay.lines} ${outcome.kind}`);
    };
    for (let i = 0; i < 40; i++) {
      replay.feed(Buffer.alloc(10_000, 'x'));
      take();
    }
    replay.feed(Buffer.from(`\n${opening.join('\n')}\n${close}\n`));
    take();
    expect(said).toEqual(['1 refused', '4 asked']);
  });

  it('reads the spacing of other writers as its own', () => {
    const spaced = (line: string): string => line.replaceAll('":', '": ').replaceAll(',"', ', "');
    const lines = [...opening, sale('09:00', { id: 'x1', note: null, price: 1.25 }), sale('10:00'), close];
    expect(answersOf(fold(lines.map(spaced)).replay)).toEqual(answersOf(fold(lines).replay));
    const bytes = Buffer.from(`${spaced(sale('09:00', { id: 'x1', note: null, price: 1.25 }))}\n`);
    expect(new PlainLine().read(bytes, 0)).toBe(bytes.length);
  });

  it('takes and refuses lines as the schema does, however they are written', () => {
    const text = fc.oneof(
      fc.constantFrom(
        'a',
        'b',
        '7',
        '',
        'Müller',
        'x"y',
        'back\\slash',
        'tab\t',
        '\u007f',
        'é',
        'x'.repeat(70),
      ),
      fc.string({ maxLength: 6, unit: 'binary' }),
    );
    const value = fc.oneof(
      fc.constantFrom(1, 0, -0, -3, 2.5, 0.1, 1e6, 99999, 1e21, 1e-7, null, true, false, {}, [1]),
      text,
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    const name = fc.constantFrom(
      ...'t type sku qty facings capacity requested found sellable'.split(' '),
      ...'id feed ticket till line by camera reason order reference note'.split(' '),
      ...'name category price place'.split(' '),
    );
    const kind = fc.constantFrom<readonly (readonly [string, unknown])[]>(
      [
        ['type', 'sale'],
        ['sku', 'a'],
        ['qty', 1],
        ['till', '1'],
        ['ticket', '7'],
        ['line', 0],
      ],
      [
        ['type', 'sale'],
        ['sku', 'b'],
        ['qty', 2],
        ['id', 'x'],
      ],
      [
        ['type', 'shelf'],
        ['sku', 'a'],
        ['facings', 2],
        ['capacity', 4],
        ['camera', 'c1'],
      ],
      [
        ['type', 'return'],
        ['sku', 'a'],
        ['qty', 1],
        ['sellable', true],
      ],
      [
        ['type', 'pick'],
        ['sku', 'b'],
        ['requested', 2],
        ['found', 1],
      ],
      [
        ['type', 'count'],
        ['sku', 'a'],
        ['qty', 3],
        ['by', 'Jo'],
      ],
      [
        ['type', 'receipt'],
        ['sku', 'b'],
      ],
      [['type', 'checkpoint']],
      [['type', 'open']],
      [
        ['type', 'close'],
        ['id', 'c'],
      ],
      [
        ['type', 'catalog'],
        ['sku', 'a'],
        ['name', 'Oats'],
        ['price', 1.25],
        ['category', 'dry'],
      ],
      [
        ['type', 'theft'],
        ['sku', 'a'],
      ],
    );
    const instant = fc.constantFrom(
      day('09:00'),
      day('09:00'),
      day('10:30'),
      '2026-03-03T11:00:00.000Z',
      day('24:00'),
      '2026-03-02',
    );
    const space = fc.constantFrom('', '', '', ' ', '  ', '\t');
    const escaped = (json: string, isEscaped: boolean): string =>
      isEscaped ? json.replace(/[a-z]/, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`) : json;
    const line = fc
      .record({
        kind,
        instant,
        more: fc.oneof(fc.constant([]), fc.array(fc.tuple(name, value), { maxLength: 3 })),
        order: fc.array(fc.nat(20), { minLength: 12, maxLength: 12 }),
        space,
        escapes: fc.nat(60),
        cut: fc.nat(2000),
        end: fc.constantFrom('', '', '\r', ' ', 'x'),
      })
      .map(({ kind: fields, instant: t, more, order, space: gap, escapes, cut, end }) => {
        const all = [...fields, ['t', t] as const, ...more]
          .map((field, i) => ({ field, rank: order[i] as number }))
          .sort((a, b) => (escapes % 2 === 0 ? 0 : a.rank - b.rank));
        const parts = all.map(
          ({ field: [key, one] }, i) =>
            `${escaped(JSON.stringify(key), escapes === i)}${gap}:${gap}${escaped(JSON.stringify(one), escapes === i + 20)}`,
        );
        const whole = `{${gap}${parts.join(`${gap},${gap}`)}${gap}}${end}`;
        return cut < whole.length ? whole.slice(0, cut) : whole;
      });
    const told = (lines: readonly string[]): unknown => {
      const { replay, refused } = fold([...opening, ...lines, close]);
      return { refused, said: answersOf(replay), lines: replay.lines };
    };
    let plain = 0;
    let all = 0;
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        for (const one of lines) if (new PlainLine().read(Buffer.from(`${one}\n`), 0) > 0) plain++;
        all += lines.length;
        // A line that begins with a space is never plain.
        expect(told(lines)).toEqual(told(lines.map((one) => ` ${one}`)));
      }),
      { numRuns: 100 },
    );
    expect(plain).toBeGreaterThan(all / 20);
    expect(plain).toBeLessThan(all);
  });

  it('takes a catalog entry for plain only if the schema takes it', () => {
    const value = fc.oneof(
      fc.constantFrom(1, 0, -0, -3, 2.5, 1e6, 2e6, null, true, 'EUR', '', '00012345678905', 'x'.repeat(201)),
      fc.string({ maxLength: 8, unit: 'binary' }),
      fc.double(),
    );
    const mostly = (...usual: readonly unknown[]): fc.Arbitrary<unknown> =>
      fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...usual) }, { weight: 1, arbitrary: value });
    const line = fc.record(
      {
        type: mostly('catalog'),
        t: mostly(day('09:00'), day('09:00'), `${day('09:00')}\n`),
        sku: mostly('a', 'ü', 'x'.repeat(64), 'x'.repeat(65)),
        name: mostly('Oats', 'Müsli', ''),
        category: mostly('dry', '🥛'),
        place: mostly('aisle 1'),
        price: mostly(0, 1.25),
        cost: mostly(0.8, 3),
        facings: mostly(2, 0.5),
        pack: mostly(12),
        gtin: mostly('00012345678905'),
        currency: mostly('EUR'),
        other: value,
      },
      { requiredKeys: ['type', 't', 'sku'] },
    );
    let plain = 0;
    fc.assert(
      fc.property(fc.oneof(line, fc.jsonValue()), (one) => {
        const told: unknown = JSON.parse(JSON.stringify(one));
        if (!isPlainCatalog(told)) return;
        plain++;
        expect(parseObservation(told)).toEqual({ ok: true, value: told });
      }),
      { numRuns: 3000 },
    );
    expect(plain).toBeGreaterThan(300);
  });

  it('survives any garbage', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.json(), fc.constantFrom(...opening, sale('09:00'))), {
          maxLength: 30,
        }),
        (lines) => {
          expect(() => fold(lines)).not.toThrow();
        },
      ),
    );
  });

  it('reads plain lines only as the schema would', () => {
    const value = fc.oneof(
      fc.constantFrom(1, 0, -3, 2.5, 1e6, 99999, null, true, 'x', ''),
      fc.double(),
      fc.string({ maxLength: 8 }),
    );
    const line = fc.record(
      {
        t: fc.constantFrom(day('09:00'), '2026-13-02T09:00:00.000Z', '2026-03-02', day('24:00')),
        type: fc.constantFrom(
          'sale',
          'receipt',
          'count',
          'shelf',
          'pick',
          'seen',
          'return',
          'waste',
          'transfer',
          'record',
          'theft',
        ),
        sku: fc.constantFrom('a', '', 'ü-1'),
        qty: value,
        facings: value,
        capacity: value,
        requested: value,
        found: value,
        ticket: value,
        line: value,
        sellable: value,
        other: value,
        by: value,
        feed: value,
      },
      { requiredKeys: ['t', 'type'] },
    );
    fc.assert(
      fc.property(line, (object) => {
        const text = JSON.stringify(object);
        const bytes = Buffer.from(`${text}\n`);
        const plain = new PlainLine();
        if (plain.read(bytes, 0) !== bytes.length) return;
        expect({ text, ok: parseObservation(JSON.parse(text)).ok }).toEqual({ text, ok: true });
        expect({ text, t: plain.t }).toEqual({ text, t: Date.parse(object.t) });
        for (const number of [plain.x, plain.y])
          expect(
            Number.isNaN(number) ||
              [...Object.values(object), 0, 1].some((known) => Object.is(known, number)),
          ).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('lines of answers', () => {
  it('are what JSON says of the rounded numbers', () => {
    const rounded = (value: number): number => Math.round(value * 1e7) / 1e7;
    const number = fc.oneof(
      fc.double(),
      fc.double({ min: 0, max: 1 }),
      fc.double({ min: -1e9, max: 1e9 }),
      fc.constantFrom(0, -0, 1, 1e-7, -1e-8, 5e-7, 1e-6, 0.1, 99.99999995, 1000, 99_999_999, 1e8, Number.NaN),
      fc.nat(100_000),
    );
    const outlook = fc.record({
      sku: fc.oneof(
        fc.constantFrom('oat-1l', 'ü"\\'),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 64 }),
      ),
      t: fc.constant(day('20:00')),
      record: fc.oneof(fc.constant(null), number),
      confidence: number,
      p0: number,
      mean: number,
      p05: number,
      p95: number,
      rate: number,
    });
    fc.assert(
      fc.property(fc.array(outlook, { maxLength: 5 }), (outlooks) => {
        const lines = new PositionLines();
        for (const one of outlooks) lines.add(one);
        const wanted = outlooks.map(({ t, sku, record, confidence, p0, mean, p05, p95, rate }) =>
          JSON.stringify({
            t,
            sku,
            record,
            confidence: rounded(confidence),
            p0: rounded(p0),
            mean: rounded(mean),
            p05,
            p95,
            rate: rounded(rate),
          }),
        );
        expect(Buffer.from(lines.take()).toString('utf8')).toBe(wanted.map((line) => `${line}\n`).join(''));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('remembering deliveries', () => {
  it('knows the newest keys and stays bounded', () => {
    const seen = new SeenKeys(1000);
    const isNew = (key: number): boolean => {
      seen.begin();
      seen.text('key');
      seen.number(key);
      return seen.add();
    };
    for (let i = 0; i < 10_000; i++) expect(isNew(i)).toBe(true);
    for (let i = 9500; i < 10_000; i++) expect(isNew(i)).toBe(false);
  });
});
