/** The decoder of each kind of feed, with its settings. */
import iconv from 'iconv-lite';
import type { FeedConfig } from './config.ts';
import { KATAKANA } from './escpos/code-tables.ts';
import { escposDecoder } from './escpos/escpos-decoder.ts';
import type { Decoder, SkuLookup } from './events.ts';
import { poslogDecoder } from './poslog/poslog-decoder.ts';
import { loadGrammar } from './receipt/built-in.ts';
import { isTimeZone } from './receipt/local-time.ts';
import type { LastTicket } from './receipt/ticket-sequence.ts';
import { scaleDecoder } from './scale/scale-decoder.ts';
import { scannerDecoder } from './scanner/scanner-decoder.ts';

export type DecoderSettings = Pick<
  FeedConfig,
  'dialect' | 'codeTable' | 'codeTables' | 'multiByte' | 'till' | 'timeZone' | 'scale'
> & {
  readonly kind: Exclude<FeedConfig['kind'], 'ndjson'>;
  /** A built-in grammar's name or a grammar as JSON, unchecked. */
  readonly grammar?: unknown;
  /** How far in the past a printed time may lie; unlimited when absent. */
  readonly maxAgeMs?: number;
};

export interface DecoderDeps {
  readonly skuOf?: SkuLookup;
  /** The last ticket number of a till from an earlier run, so that a gap over a restart is noticed. */
  readonly lastTicket?: LastTicket;
  readonly now: () => number;
}

/** Settings that cannot work: the message says which and what to do. */
export class FeedConfigError extends Error {
  readonly code = 'E_FEED_CONFIG';
}

/** A code stands for itself, or else a name. */
const asPrinted: SkuLookup = ({ code, name }) => code ?? name;

/** Throws `FeedConfigError` when the grammar, an encoding or the time zone is wrong. */
export function createDecoder(settings: DecoderSettings, deps: DecoderDeps): Decoder {
  const { skuOf = asPrinted, now } = deps;
  const { timeZone, scale } = settings;
  if (timeZone !== undefined && !isTimeZone(timeZone))
    throw new FeedConfigError(`"${timeZone}" is no time zone; use an IANA name such as Europe/Berlin`);
  switch (settings.kind) {
    case 'escpos':
      return escpos(settings, { ...deps, skuOf }, deps.skuOf);
    case 'scanner':
      return scannerDecoder({ now });
    case 'scale':
      return scaleDecoder(scale);
    case 'poslog':
      return poslogDecoder({ skuOf, now, ...(timeZone === undefined ? {} : { timeZone }) });
    default:
      return settings.kind satisfies never;
  }
}

function escpos(
  settings: DecoderSettings,
  deps: DecoderDeps & { readonly skuOf: SkuLookup },
  catalog: SkuLookup | undefined,
): Decoder {
  const loaded = loadGrammar(settings.grammar);
  if (!loaded.ok) throw new FeedConfigError(`the receipt grammar is wrong: ${loaded.problem}`);
  const { multiByte, codeTables = {} } = settings;
  const unknown = [multiByte, ...Object.values(codeTables)].find(
    (name) => name !== undefined && !isEncoding(name),
  );
  if (unknown !== undefined)
    throw new FeedConfigError(`"${unknown}" is no character encoding; use a name such as cp437 or gb18030`);
  const { dialect, codeTable, till, timeZone, maxAgeMs } = settings;
  return escposDecoder({
    ...deps,
    grammar: loaded.grammar,
    ...(catalog ? { knowsItem: (name: string) => catalog({ name }) !== undefined } : {}),
    codeTables: Object.fromEntries(
      Object.entries(codeTables).map(([number, name]) => [Number(number), name]),
    ),
    ...(dialect === undefined ? {} : { dialect }),
    ...(codeTable === undefined ? {} : { codeTable }),
    ...(multiByte === undefined ? {} : { multiByte }),
    ...(till === undefined ? {} : { till }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(maxAgeMs === undefined ? {} : { maxAgeMs }),
  });
}

const isEncoding = (name: string): boolean =>
  name === 'jis' || name === KATAKANA || iconv.encodingExists(name);
