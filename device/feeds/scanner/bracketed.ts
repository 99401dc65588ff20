/** Element strings as scanners can be set to send them: `(01)09506000134352(10)ABC`, `\(` for a bracket in data. */
import { checkTogether, checkValue, type Element, type Elements, refuse } from './element-string.ts';
import type { DateContext } from './gs1-date.ts';
import { syntaxDictionary } from './syntax-dictionary.ts';

export function parseBracketed(text: string, context: DateContext): Elements {
  const { entries } = syntaxDictionary();
  const elements: Element[] = [];
  const pattern = /\((\d{2,4})\)((?:\\\(|[^(])+)/y;
  for (const match of text.matchAll(new RegExp(pattern, 'gy'))) {
    const [, ai = '', escaped = ''] = match;
    const entry = entries.get(ai);
    if (!entry) return refuse(`there is no application identifier (${ai})`);
    const value = escaped.replaceAll('\\(', '(');
    const checked = checkValue(entry, value, context);
    if (!checked.ok) return checked;
    elements.push({ entry, value });
    if (match.index + match[0].length === text.length) return checkTogether(elements);
  }
  return refuse('is not a sequence of (AI)value');
}
