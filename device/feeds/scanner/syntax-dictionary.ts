/**
 * The GS1 Barcode Syntax Dictionary as a table: which application identifiers exist, of which parts their
 * values consist, which linters check them, and how they go together. The dictionary's own text file lies
 * beside this one (Apache-2.0, GS1 AISBL) and is read once; to update, replace the file.
 */
import { readFileSync } from 'node:fs';
import { type Linter, linters } from './linters.ts';

interface Component {
  readonly min: number;
  readonly max: number;
  readonly isOptional: boolean;
  /** The character set's linter first. */
  readonly linters: readonly Linter[];
}

export interface AiEntry {
  readonly ai: string;
  /** A value of variable length, ended by FNC1 (sent as GS). */
  readonly needsFnc1: boolean;
  readonly isDigitalLinkAttribute: boolean;
  readonly components: readonly Component[];
  readonly minLength: number;
  readonly maxLength: number;
  /** AIs or patterns (`310n`) that must not stand beside this one. */
  readonly excludes: readonly string[];
}

export interface SyntaxDictionary {
  readonly entries: ReadonlyMap<string, AiEntry>;
  /** All AIs that begin with the same two digits have the same length. */
  readonly aiLengthByPrefix: ReadonlyMap<string, number>;
  /** Key and qualifier sequences that a Digital Link path may have, joined by blanks. */
  readonly pathSequences: ReadonlySet<string>;
}

const CHARACTER_SETS: Readonly<Record<string, string>> = {
  N: 'csetnumeric',
  X: 'cset82',
  Y: 'cset39',
  Z: 'cset64',
};

let loaded: SyntaxDictionary | undefined;

export function syntaxDictionary(): SyntaxDictionary {
  loaded ??= parseSyntaxDictionary(
    readFileSync(new URL('gs1-syntax-dictionary.txt', import.meta.url), 'utf8'),
  );
  return loaded;
}

/** Throws on text that is no dictionary: the file is part of the product, so that is a broken installation. */
export function parseSyntaxDictionary(text: string): SyntaxDictionary {
  const entries = new Map<string, AiEntry>();
  const aiLengthByPrefix = new Map<string, number>();
  const pathSequences = new Set<string>();
  for (const line of text.split('\n')) {
    const [ais, ...tokens] = line.replace(/#.*$/, '').trim().split(/\s+/);
    if (!ais) continue;
    for (const ai of expandRange(ais)) {
      entries.set(ai, readEntry(ai, tokens));
      aiLengthByPrefix.set(ai.slice(0, 2), ai.length);
      for (const sequence of readPathSequences(ai, tokens)) pathSequences.add(sequence);
    }
  }
  return { entries, aiLengthByPrefix, pathSequences };
}

function expandRange(ais: string): string[] {
  const [first = '', last = first] = ais.split('-');
  const count = Number(last) - Number(first) + 1;
  return Array.from({ length: count }, (_, at) => String(Number(first) + at).padStart(first.length, '0'));
}

const valuesOf = (tokens: readonly string[], key: string): string[] =>
  tokens.filter((token) => token.startsWith(`${key}=`)).map((token) => token.slice(key.length + 1));

function readEntry(ai: string, tokens: readonly string[]): AiEntry {
  const components = tokens.filter((token) => /^\[?[NXYZ][\d.]/.test(token)).map(readComponent);
  if (components.length === 0) throw new Error(`GS1 syntax dictionary: AI ${ai} has no format`);
  const flags = tokens.find((token) => /^[*?]+$/.test(token)) ?? '';
  return {
    ai,
    needsFnc1: !flags.includes('*'),
    isDigitalLinkAttribute: flags.includes('?'),
    components,
    minLength: components.reduce((sum, part) => sum + (part.isOptional ? 0 : part.min), 0),
    maxLength: components.reduce((sum, part) => sum + part.max, 0),
    excludes: valuesOf(tokens, 'ex').flatMap((list) => list.split(',')),
  };
}

/** `N13,csum,gcppos1`, `X..20`, `[N..12]`. */
function readComponent(token: string): Component {
  const [format = '', ...names] = token.replace(/[[\]]/g, '').split(',');
  const set = CHARACTER_SETS[format[0] ?? ''];
  const isVariable = format.includes('..');
  const length = Number(format.replace(/^\D+/, ''));
  return {
    min: isVariable ? 1 : length,
    max: length,
    isOptional: token.startsWith('['),
    linters: [set, ...names].map((name) => {
      const linter = linters[name ?? ''];
      if (!linter) throw new Error(`GS1 syntax dictionary: "${token}" names an unknown linter`);
      return linter;
    }),
  };
}

/** `dlpkey=22,10,21|235`: the key alone, and with any of its qualifiers left out but in that order. */
function readPathSequences(ai: string, tokens: readonly string[]): string[] {
  const alternatives = valuesOf(tokens, 'dlpkey').flatMap((value) => value.split('|'));
  if (tokens.includes('dlpkey')) alternatives.push('');
  return alternatives.flatMap((qualifiers) =>
    qualifiers
      .split(',')
      .filter(Boolean)
      .reduce(
        (sequences, next) => [...sequences, ...sequences.map((sequence) => `${sequence} ${next}`)],
        [ai],
      ),
  );
}
