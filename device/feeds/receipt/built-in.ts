/** The grammars that come with the product; `generic` is the one used when a feed names none. */
import { compileGrammar, type Grammar, type GrammarLoad, parseGrammar } from './grammar.ts';
import european from './grammars/european.json' with { type: 'json' };
import generic from './grammars/generic.json' with { type: 'json' };
import quantityFirst from './grammars/quantity-first.json' with { type: 'json' };
import usGrocery from './grammars/us-grocery.json' with { type: 'json' };
import wholeUnits from './grammars/whole-units.json' with { type: 'json' };

function checked(source: unknown): Grammar {
  const parsed = parseGrammar(source);
  if (!parsed.ok) throw new Error(`a built-in receipt grammar is broken: ${parsed.problem}`);
  return parsed.value;
}

export const builtInGrammars: ReadonlyMap<string, Grammar> = new Map(
  [generic, quantityFirst, european, usGrocery, wholeUnits]
    .map(checked)
    .map((grammar) => [grammar.name, grammar] as const),
);

/** @param source a built-in grammar's name, or a grammar as JSON */
export function loadGrammar(source: unknown = 'generic'): GrammarLoad {
  if (typeof source === 'string') {
    const grammar = builtInGrammars.get(source);
    if (grammar) return compileGrammar(grammar, builtInGrammars);
    const names = [...builtInGrammars.keys()].join(', ');
    return { ok: false, problem: `no built-in grammar "${source}"; there are: ${names}` };
  }
  const parsed = parseGrammar(source);
  return parsed.ok ? compileGrammar(parsed.value, builtInGrammars) : parsed;
}
