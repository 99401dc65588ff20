import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeedEvent } from '../events.ts';
import { linters } from './linters.ts';
import { scannerDecoder } from './scanner-decoder.ts';
import { decodeSgtin96 } from './sgtin96.ts';
import { parseSyntaxDictionary, syntaxDictionary } from './syntax-dictionary.ts';

const now = () => Date.parse('2026-03-02T09:00:00.000Z');
const bytes = (text: string) => new TextEncoder().encode(text);
const scanAll = (text: string): FeedEvent[] => {
  const decoder = scannerDecoder({ now });
  return [...decoder.push(bytes(text)), ...decoder.end()];
};
const scan = (line: string): FeedEvent => {
  const events = scanAll(`${line}\r\n`);
  expect(events).toHaveLength(1);
  return events[0] as FeedEvent;
};

interface Vector {
  readonly ok: boolean;
  readonly [field: string]: string | boolean;
}
const vectors = JSON.parse(
  readFileSync(new URL('../vectors/gs1/vectors.json', import.meta.url), 'utf8'),
) as Record<string, Vector[]> & { lint: Record<string, Array<{ ok: boolean; in: string }>> };
const GS = '\u001d';
/** FNC1 is `^` in the vectors and GS on the line. */
const onTheLine = (unbracketed: string) => unbracketed.replace(/^\^/, '').replaceAll('^', GS);
const gtinIn = (unbracketed: string) => /^\^0[12](\d{14})/.exec(unbracketed)?.[1];

const gtinField = (gtin: string | undefined) => (gtin === undefined ? {} : { gtin });

const verdict = (event: FeedEvent) => (event.type === 'refused' ? 'refused' : event.type);
const wanted = (ok: boolean) => (ok ? 'scan' : 'refused');

describe('GS1 vectors of others', () => {
  it.each((vectors['processAIdata'] ?? []).filter(({ unbracketed }) => String(unbracketed).startsWith('^')))(
    'element string $unbracketed is ok: $ok',
    ({ ok, unbracketed }) => {
      const event = scan(`]C1${onTheLine(String(unbracketed))}`);
      expect(verdict(event)).toBe(wanted(ok));
      expect(event).toMatchObject(ok ? gtinField(gtinIn(String(unbracketed))) : {});
    },
  );

  it.each((vectors['processAIdata'] ?? []).filter(({ unbracketed }) => !String(unbracketed).startsWith('^')))(
    'element string "$unbracketed" without FNC1 is refused',
    ({ unbracketed }) => {
      expect(verdict(scan(String(unbracketed)))).toBe('refused');
    },
  );

  it.each(vectors['parseAIdata'] ?? [])(
    'bracketed $bracketed is ok: $ok',
    ({ ok, bracketed, unbracketed }) => {
      const event = scan(String(bracketed));
      expect(verdict(event)).toBe(wanted(ok));
      expect(event).toMatchObject(ok ? gtinField(gtinIn(String(unbracketed))) : {});
    },
  );

  it.each(vectors['processScanData'] ?? [])('scan $scan is ok: $ok', ({ ok, scan: sent, dataStr }) => {
    const event = scan(String(sent));
    expect(verdict(event)).toBe(wanted(ok));
    const gtin = gtinIn(String(dataStr)) ?? /\/01\/(\d{14})/.exec(String(dataStr))?.[1];
    expect(event).toMatchObject(ok ? { symbology: String(sent).slice(0, 3), ...gtinField(gtin) } : {});
  });

  it.each(vectors['parseDLuri'] ?? [])('Digital Link $uri is ok: $ok', ({ ok, uri, unbracketed }) => {
    const event = scan(String(uri));
    expect(verdict(event)).toBe(wanted(ok));
    expect(event).toMatchObject(ok ? gtinField(gtinIn(String(unbracketed))) : {});
  });

  it.each(Object.entries(vectors.lint).filter(([name]) => !name.startsWith('gcppos')))(
    'linter %s judges as the reference does',
    (name, cases) => {
      const linter = linters[name];
      const wrong = cases.filter(
        ({ ok, in: value }) => (linter?.(value, { year: 2026 }) === undefined) !== ok,
      );
      expect(wrong).toEqual([]);
      expect(cases.length).toBeGreaterThan(0);
    },
  );

  it('reads every SGTIN-96', () => {
    const tags = JSON.parse(
      readFileSync(new URL('../vectors/gs1/sgtin96.json', import.meta.url), 'utf8'),
    ) as Array<{ hex: string; gtin14: string; serial: string; filter: number }>;
    for (const { hex, gtin14, serial, filter } of tags) {
      expect(decodeSgtin96(hex)).toEqual({ gtin: gtin14, serial, filter });
      expect(scan(hex)).toMatchObject({ type: 'scan', gtin: gtin14, serial });
    }
    expect(tags.length).toBe(16);
  });
});

describe('a scan without symbology identifier', () => {
  it.each([
    ['4006381333931', '04006381333931', 'EAN-13'],
    ['96385074', '00000096385074', 'EAN-8'],
    ['036000291452', '00036000291452', 'UPC-A'],
    ['01234565', '00012345000065', 'UPC-E'],
    ['04252614', '00042100005264', 'UPC-E'],
    ['10614141543219', '10614141543219', 'ITF-14'],
    [`${GS}010950600013435210ABC`, '09506000134352', 'element string after FNC1'],
    ['(01)09506000134352(10)ABC', '09506000134352', 'bracketed element string'],
  ])('%s has GTIN %s (%s)', (line, gtin) => {
    expect(scan(line)).toMatchObject({ type: 'scan', gtin });
  });

  it.each([
    ['4006381333930', /check digit/],
    ['12345678', /check digit/],
    ['400638133393', /check digit/],
    ['40063813339', /11 digits/],
    ['ABC', /neither/],
    ['', /empty/],
    ['https://example.com/offers', /no GS1 Digital Link key/],
  ])('%s is refused and says why', (line, reason) => {
    expect(scan(line)).toMatchObject({ type: 'refused', reason: expect.stringMatching(reason) });
  });
});

describe('a scan with symbology identifier', () => {
  it.each([
    [']E04006381333931', '04006381333931'],
    [']E0012345000065', undefined],
    [']E00012345000065', '00012345000065'],
    [']E496385074', '00000096385074'],
    [']E3400638133393112345', '04006381333931'],
    [']I110614141543219', '10614141543219'],
    [']I110614141543210', undefined],
    [']e00112345678901231', '12345678901231'],
    [']d20109506000134352', '09506000134352'],
    [']J10109506000134352', '09506000134352'],
    [']E02112345678900|]e0991234', '02112345678900'],
  ])('%s has GTIN %s', (line, gtin) => {
    const wantedEvent =
      gtin === undefined ? { type: 'refused' } : { type: 'scan', gtin, symbology: line.slice(0, 3) };
    expect(scan(line)).toMatchObject(wantedEvent);
  });

  it('carries text codes as text, without a GTIN', () => {
    expect(scan(']C0SHELF-12')).toEqual({ type: 'scan', symbology: ']C0', text: 'SHELF-12' });
  });
});

describe('what a GS1 code means', () => {
  it('gives lot, serial, expiry, weight, price and quantity', () => {
    expect(
      scan(`]C101095060001343521726120010LOT7${GS}21S1${GS}310300124530005${GS}3932978000499`),
    ).toMatchObject({
      gtin: '09506000134352',
      lot: 'LOT7',
      serial: 'S1',
      expiry: '2026-12-31',
      weightGrams: 1245,
      quantity: 5,
      price: { amount: '4.99', currency: '978' },
    });
  });

  it.each([
    ['260302', '2026-03-02'],
    ['760101', '2076-01-01'],
    ['770101', '1977-01-01'],
    ['240200', '2024-02-29'],
  ])('reads the expiry %s as %s', (yymmdd, expiry) => {
    expect(scan(`]C1010950600013435217${yymmdd}`)).toMatchObject({ expiry });
  });

  it('reads lot and serial of a Digital Link with percent sequences and query attributes', () => {
    expect(
      scan(']Q1https://id.gs1.org/01/09506000134352/10/A%2FB/21/7?17=261231&linkType=all&3103=000195'),
    ).toMatchObject({
      gtin: '09506000134352',
      lot: 'A/B',
      serial: '7',
      expiry: '2026-12-31',
      weightGrams: 195,
    });
  });

  it.each([
    ['https://id.gs1.org/01/09506000134352/21/7/10/A', /no key with its qualifiers/],
    ['https://id.gs1.org/01/09506000134352?10=A', /belongs into the path/],
    ['https://id.gs1.org/01/09506000134352?21=A', /may not stand in the query|belongs/],
    ['https://id.gs1.org/01/09506000134352?17=261231&17=261231', /twice/],
    ['https://id.gs1.org/01/09506000134353', /check digit/],
    ['https://id.gs1.org/01/09506000134352?5555=1', /unknown application identifier/],
  ])('refuses %s', (uri, reason) => {
    expect(scan(uri)).toMatchObject({ type: 'refused', reason: expect.stringMatching(reason) });
  });

  it.each([
    [`]C10109506000134352${GS}0109506000134369`, /twice with two values/],
    [']C101095060001343523705', /must not stand beside/],
  ])('refuses AIs that contradict each other: %s', (line, reason) => {
    expect(scan(line)).toMatchObject({ type: 'refused', reason: expect.stringMatching(reason) });
  });
});

describe('payment cards at the scanner', () => {
  it.each(['4111111111111111', '%B4111111111111111^DOE/JANE^2912', ']Q1pay 4111 1111 1111 1111'])(
    'never shows the number in %s',
    (line) => {
      expect(JSON.stringify(scan(line))).not.toMatch(/4111 ?1111 ?1111 ?1111/);
    },
  );
});

describe('the line', () => {
  it('takes CR, LF and CR LF as one end each', () => {
    expect(scanAll('96385074\r96385074\n96385074\r\n96385074').map(({ type }) => type)).toEqual(
      Array.from({ length: 4 }, () => 'scan'),
    );
  });

  it('reports half a scan when the line goes quiet, and reads the next one', () => {
    const decoder = scannerDecoder({ now });
    expect(decoder.push(bytes('96385'))).toEqual([]);
    expect(decoder.idle()).toMatchObject([{ type: 'refused', raw: '96385' }]);
    expect(decoder.push(bytes('96385074\r\n'))).toMatchObject([{ type: 'scan' }]);
  });

  it('reports a line that never ends once, and holds no more of it', () => {
    const decoder = scannerDecoder({ now });
    const chunk = new Uint8Array(1 << 20).fill(0x41);
    const events = Array.from({ length: 100 }, () => decoder.push(chunk)).flat();
    expect(events).toHaveLength(1);
    expect(events).toMatchObject([{ type: 'refused' }]);
    expect(decoder.push(bytes('\r96385074\r'))).toMatchObject([{ type: 'scan', gtin: '00000096385074' }]);
  });

  it('gives the same events however the bytes are cut, and never throws', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .array(
          fc.constantFrom(...(vectors['processScanData'] ?? []).map((v) => `${String(v['scan'])}\r\n`)),
          {
            maxLength: 8,
          },
        )
        .map((lines) => bytes(lines.join(''))),
    );
    fc.assert(
      fc.property(noise, fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (input, cuts) => {
        const whole = scannerDecoder({ now });
        const parts = scannerDecoder({ now });
        const inParts: FeedEvent[] = [];
        for (let at = 0, turn = 0; at < input.length; turn++) {
          const size = cuts[turn % cuts.length] as number;
          inParts.push(...parts.push(input.subarray(at, at + size)));
          at += size;
        }
        expect([...inParts, ...parts.end()]).toEqual([...whole.push(input), ...whole.end()]);
        expect(parts.tally()).toEqual(whole.tally());
      }),
    );
  });
});

describe('the syntax dictionary', () => {
  it('holds every AI, and every two-digit prefix has one AI length', () => {
    const { entries, aiLengthByPrefix } = syntaxDictionary();
    expect(entries.size).toBeGreaterThan(500);
    for (const ai of entries.keys()) expect(aiLengthByPrefix.get(ai.slice(0, 2))).toBe(ai.length);
  });

  it('refuses a dictionary that names a linter nobody wrote', () => {
    expect(() => parseSyntaxDictionary('01  N14,sumcheck  # GTIN')).toThrow(/unknown linter/);
  });
});
