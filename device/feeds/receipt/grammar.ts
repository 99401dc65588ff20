/**
 * A receipt grammar: how one kind of POS lays out its receipts, as JSON. It is data that a shop's IT can write
 * (README.md here shows how); this file checks it and turns its patterns into regular expressions.
 *
 * Patterns are regular expressions (flags `iu`) with placeholders in braces for the parts every receipt has.
 * Lines are cut to `MAX_LINE` before matching, which bounds what a clumsy pattern can cost.
 */
import { type Parsed, parserFor } from '@truecount/protocol';
import { type Static, Type } from 'typebox';

export const MAX_LINE = 200;

const Pattern = Type.String({ minLength: 1, maxLength: 1000 });
const Patterns = Type.Array(Pattern, { maxItems: 40 });
const Section = Type.Union([Type.Literal('items'), Type.Literal('adjustments'), Type.Literal('footer')]);
export type Section = Static<typeof Section>;

const LineKind = Type.Union([
  Type.Literal('item'),
  Type.Literal('void'),
  Type.Literal('return'),
  Type.Literal('quantity'),
  Type.Literal('code'),
  Type.Literal('discount'),
  Type.Literal('charge'),
  Type.Literal('tax'),
  Type.Literal('subtotal'),
  Type.Literal('total'),
  Type.Literal('ignore'),
  Type.Literal('start'),
  Type.Literal('end'),
]);
export type LineKind = Static<typeof LineKind>;

const LineRule = Type.Object(
  {
    is: LineKind,
    match: Pattern,
    /** Sections in which the rule is tried; each kind has a sensible default. */
    in: Type.Optional(Type.Array(Section)),
  },
  { additionalProperties: false },
);

const Facts = Type.Object(
  {
    ticket: Type.Optional(Patterns),
    till: Type.Optional(Patterns),
    date: Type.Optional(Patterns),
    time: Type.Optional(Patterns),
    copy: Type.Optional(Patterns),
    training: Type.Optional(Patterns),
    cancelled: Type.Optional(Patterns),
    report: Type.Optional(Patterns),
    refund: Type.Optional(Patterns),
  },
  { additionalProperties: false },
);

export const Grammar = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 80 }),
    about: Type.Optional(Type.String({ maxLength: 1000 })),
    /** A built-in grammar whose rules follow these. */
    extends: Type.Optional(Type.String({ maxLength: 80 })),
    currencyDigits: Type.Optional(Type.Integer({ minimum: 0, maximum: 3 })),
    decimal: Type.Optional(Type.Union([Type.Literal('auto'), Type.Literal('.'), Type.Literal(',')])),
    /** Whether printed taxes come on top of the item prices. */
    taxes: Type.Optional(
      Type.Union([Type.Literal('added'), Type.Literal('included'), Type.Literal('either')]),
    ),
    dateOrder: Type.Optional(Type.Union([Type.Literal('dmy'), Type.Literal('mdy')])),
    /** `daily`: ticket numbers start over each day, so the day becomes part of a ticket's identity. */
    numbering: Type.Optional(Type.Union([Type.Literal('continuous'), Type.Literal('daily')])),
    /** Printer commands after which a receipt is finished. `initialize` counts only once a total was read. */
    endsAt: Type.Optional(Type.Array(Type.Union([Type.Literal('cut'), Type.Literal('initialize')]))),
    facts: Type.Optional(Facts),
    lines: Type.Optional(Type.Array(LineRule, { maxItems: 100 })),
  },
  { additionalProperties: false },
);
export type Grammar = Static<typeof Grammar>;

export const parseGrammar: (input: unknown) => Parsed<Grammar> = parserFor(Grammar);

export type FactKind = keyof Static<typeof Facts>;

export interface CompiledGrammar {
  readonly name: string;
  readonly currencyDigits: number;
  readonly decimal: 'auto' | '.' | ',';
  readonly taxes: 'added' | 'included' | 'either';
  readonly dateOrder: 'dmy' | 'mdy';
  readonly numbering: 'continuous' | 'daily';
  readonly endsAt: ReadonlySet<string>;
  readonly facts: ReadonlyArray<{ readonly fact: FactKind; readonly pattern: RegExp }>;
  readonly lines: ReadonlyArray<{
    readonly is: LineKind;
    readonly pattern: RegExp;
    readonly sections: ReadonlySet<Section>;
  }>;
}

const defaultSections: Readonly<Record<LineKind, readonly Section[]>> = {
  item: ['items'],
  void: ['items'],
  return: ['items'],
  quantity: ['items'],
  code: ['items'],
  discount: ['items', 'adjustments'],
  charge: ['adjustments'],
  tax: ['items', 'adjustments'],
  subtotal: ['items', 'adjustments'],
  total: ['items', 'adjustments'],
  ignore: ['items', 'adjustments', 'footer'],
  start: ['items', 'adjustments', 'footer'],
  end: ['items', 'adjustments', 'footer'],
};

/** A sign, whatever a wrong code table made of it, or a code. */
const CURRENCY =
  '(?:[^\\p{L}\\p{N}\\s.,+()/-]{1,3}|(?:EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|HUF|RON|JPY|KRW|CNY|CAD|AUD|NZD|INR|BRL|MXN|ZAR|KR|RS)\\b)';

function placeholders(digits: number): Readonly<Record<string, string>> {
  const fraction = digits > 0 ? `[.,]\\d{${digits}}` : '';
  const number = `(?:\\d{1,3}(?:[.,']\\d{3})+|\\d{1,9})${fraction}(?![\\d]|[.,]\\d)`;
  const money = (group: string) =>
    `(?<${group}>[-+(]?(?:${CURRENCY}\\s?)?-?${number}\\)?-?)(?:\\s?${CURRENCY})?`;
  return {
    amount: money('amount'),
    price: money('price'),
    qty: '(?<qty>\\d{1,5}(?:[.,]\\d{1,3})?)',
    unit: '(?<unit>kg|g|lbs?|oz|l|ml|st|stk|pcs?|ea)\\b',
    code: '(?<code>\\d{6,14})',
    name: '(?<name>\\S(?:.*?\\S)?)',
    gap: '(?:\\s{2,}|\\t)',
    flags: '(?:\\s{1,3}(?!kg|lb|oz|ml|g\\b|l\\b)[A-Z*#]{1,2}\\d?)?',
    month: '(?<monthName>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mai|okt|dez)\\p{L}*',
  };
}

export type GrammarLoad =
  | { readonly ok: true; readonly grammar: CompiledGrammar }
  | { readonly ok: false; readonly problem: string };

/** @param builtIns by name, for `extends` */
export function compileGrammar(grammar: Grammar, builtIns: ReadonlyMap<string, Grammar>): GrammarLoad {
  const base = grammar.extends === undefined ? undefined : builtIns.get(grammar.extends);
  if (grammar.extends !== undefined && !base)
    return { ok: false, problem: `extends "${grammar.extends}", which is not a built-in grammar` };
  const merged = { ...base, ...grammar };
  const currencyDigits = merged.currencyDigits ?? 2;
  const compile = compiler(placeholders(currencyDigits));
  try {
    return {
      ok: true,
      grammar: {
        name: grammar.name,
        currencyDigits,
        decimal: merged.decimal ?? 'auto',
        taxes: merged.taxes ?? 'either',
        dateOrder: merged.dateOrder ?? 'dmy',
        numbering: merged.numbering ?? 'continuous',
        endsAt: new Set(merged.endsAt ?? ['cut', 'initialize']),
        facts: [grammar, base].flatMap((source) =>
          Object.entries(source?.facts ?? {}).flatMap(([fact, patterns]) =>
            patterns.map((pattern) => ({
              fact: fact as FactKind,
              pattern: compile(`facts.${fact}`, pattern),
            })),
          ),
        ),
        lines: [...(grammar.lines ?? []), ...(base?.lines ?? [])].map((rule, at) => ({
          is: rule.is,
          pattern: compile(`lines[${at}]`, rule.match),
          sections: new Set(rule.in ?? defaultSections[rule.is]),
        })),
      },
    };
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
}

function compiler(known: Readonly<Record<string, string>>): (where: string, pattern: string) => RegExp {
  return (where, pattern) => {
    const full = pattern.replaceAll(/\{([a-z]+)\}/g, (whole, name: string) => {
      const part = known[name];
      if (part === undefined) throw new Error(`${where}: unknown placeholder ${whole}`);
      return `(?:${part})`;
    });
    try {
      return new RegExp(full, 'iu');
    } catch (error) {
      throw new Error(`${where}: "${pattern}" is no regular expression (${reasonOf(error)})`, {
        cause: error,
      });
    }
  };
}

/** V8 repeats the whole expression in its message; the reason is what stands behind it. */
const reasonOf = (error: unknown): string =>
  error instanceof Error ? (error.message.split(': ').at(-1) ?? '') : '';
