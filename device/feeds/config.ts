/** A feed's settings, as they stand in the store's configuration file. */
import { type Parsed, parserFor } from '@truecount/protocol';
import { type Static, Type } from 'typebox';
import { Grammar } from './receipt/grammar.ts';
import { isTimeZone } from './receipt/local-time.ts';

const Hex4 = Type.String({ pattern: '^[0-9a-fA-F]{4}$', description: 'four hex digits' });

const Port = Type.Object(
  {
    /** e.g. `/dev/ttyUSB0`, `COM3`. */
    path: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
    /** USB identity: survives replugging into another socket. */
    vendorId: Type.Optional(Hex4),
    productId: Type.Optional(Hex4),
    serialNumber: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    baudRate: Type.Optional(Type.Integer({ minimum: 50, maximum: 4_000_000, default: 9600 })),
    dataBits: Type.Optional(Type.Union([Type.Literal(5), Type.Literal(6), Type.Literal(7), Type.Literal(8)])),
    stopBits: Type.Optional(Type.Union([Type.Literal(1), Type.Literal(2)])),
    parity: Type.Optional(Type.Union([Type.Literal('none'), Type.Literal('even'), Type.Literal('odd')])),
  },
  { additionalProperties: false },
);

const Path = Type.String({ minLength: 1, maxLength: 1000 });

export const FeedConfig = Type.Object(
  {
    kind: Type.Union([
      Type.Literal('escpos'),
      Type.Literal('scanner'),
      Type.Literal('scale'),
      Type.Literal('poslog'),
      Type.Literal('ndjson'),
    ]),
    /** Names the feed in the ledger and on screens; never reuse it for another device. */
    name: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$', maxLength: 40 }),
    /** Where the bytes come from: exactly one of these three. */
    port: Type.Optional(Port),
    file: Type.Optional(Path),
    folder: Type.Optional(Path),
    /** A built-in receipt grammar's name, or a grammar. */
    grammar: Type.Optional(Type.Union([Type.String({ maxLength: 80 }), Grammar])),
    /** Which command set the printer has. */
    dialect: Type.Optional(Type.Union([Type.Literal('epson'), Type.Literal('star')])),
    /** Code table before any is selected, and encodings by number where the printer differs. */
    codeTable: Type.Optional(Type.Integer({ minimum: 0, maximum: 255 })),
    codeTables: Type.Optional(
      Type.Record(Type.String({ pattern: '^\\d{1,3}$' }), Type.String({ maxLength: 40 })),
    ),
    multiByte: Type.Optional(Type.String({ maxLength: 40 })),
    /** The till when its receipts do not name it. */
    till: Type.Optional(Type.String({ maxLength: 40 })),
    /** IANA name; with it the time printed on a ticket counts, without it the time of arrival. */
    timeZone: Type.Optional(Type.String({ maxLength: 60 })),
    silenceAfterMs: Type.Optional(Type.Integer({ minimum: 1000 })),
    /** Scales that send bare digits. */
    scale: Type.Optional(
      Type.Object(
        {
          unit: Type.Union([Type.Literal('kg'), Type.Literal('g'), Type.Literal('lb'), Type.Literal('oz')]),
          decimals: Type.Integer({ minimum: 0, maximum: 4 }),
        },
        { additionalProperties: false },
      ),
    ),
    /** A scan of a known item is an observation that a unit was seen (an associate's scanner, not a till's). */
    observeScans: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type FeedConfig = Static<typeof FeedConfig>;

const parseShape = parserFor(FeedConfig);

/** Parses untrusted settings; the problem names the field and what to do. */
export function parseFeedConfig(input: unknown): Parsed<FeedConfig> {
  const parsed = parseShape(input);
  if (!parsed.ok) return parsed;
  const { port, file, folder, timeZone, kind } = parsed.value;
  const sources = [port, file, folder].filter((source) => source !== undefined).length;
  if (sources !== 1) return { ok: false, problem: 'give exactly one of port, file and folder' };
  if (port && port.path === undefined && port.vendorId === undefined && port.serialNumber === undefined)
    return { ok: false, problem: 'port needs a path, or a vendorId, or a serialNumber' };
  if (port && kind === 'ndjson')
    return { ok: false, problem: 'an ndjson feed reads a file or a folder, not a port' };
  if (timeZone !== undefined && !isTimeZone(timeZone))
    return {
      ok: false,
      problem: `timeZone "${timeZone}" is unknown; use an IANA name such as Europe/Berlin`,
    };
  return parsed;
}
