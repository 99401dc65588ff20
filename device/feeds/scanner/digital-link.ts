/**
 * GS1 Digital Link URIs (GS1 Digital Link Standard: URI Syntax), uncompressed: the primary key and its
 * qualifiers in the path, the other AIs in the query.
 */
import { checkTogether, checkValue, type Element, type Elements, refuse } from './element-string.ts';
import type { DateContext } from './gs1-date.ts';
import { syntaxDictionary } from './syntax-dictionary.ts';

const URI = /^(?:https?|HTTPS?):\/\/([^/]*)(\/[^?#]*)?(?:\?([^#]*))?(?:#.*)?$/;
const URI_CHARACTERS = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]*$/;
const BAD_IN_DOMAIN = /[_~?#@!$&'()*+,;=%]/;
const MAX_ELEMENTS = 64;

export function parseDigitalLink(uri: string, context: DateContext): Elements {
  if (!URI_CHARACTERS.test(uri)) return refuse('has a character that no URI has');
  const match = URI.exec(uri);
  if (!match) return refuse('is no http or https URI');
  const [, domain = '', path = '', query = ''] = match;
  if (domain === '' || path === '') return refuse('URI has no domain and path');
  if (BAD_IN_DOMAIN.test(domain)) return refuse('domain has a character that no domain has');
  const inPath = pathPairs(path);
  if (!inPath) return refuse('path holds no GS1 Digital Link key');
  const inQuery = queryPairs(query);
  if ('reason' in inQuery) return inQuery;
  return assemble(inPath, inQuery.pairs, context);
}

type Pair = readonly [ai: string, value: string];

/** Walks back from the end of the path over AI and value pairs until one is a primary key. */
function pathPairs(path: string): readonly Pair[] | undefined {
  const { entries, pathSequences } = syntaxDictionary();
  const segments = path.slice(1).split('/');
  for (let at = segments.length - 2; at >= 0; at -= 2) {
    const ai = segments[at] ?? '';
    if (!entries.has(ai)) return undefined;
    if (!pathSequences.has(ai)) continue;
    const parts = segments.slice(at);
    return Array.from({ length: parts.length / 2 }, (_, pair) => [
      parts[pair * 2] ?? '',
      unescape(parts[pair * 2 + 1] ?? '', false),
    ]);
  }
  return undefined;
}

function queryPairs(
  query: string,
): { readonly pairs: readonly Pair[] } | { readonly ok: false; readonly reason: string } {
  const { entries } = syntaxDictionary();
  const pairs: Pair[] = [];
  for (const parameter of query.split('&')) {
    const at = parameter.indexOf('=');
    const name = parameter.slice(0, at);
    if (at < 0 || !/^\d+$/.test(name)) continue;
    if (!entries.has(name)) return refuse(`query has the unknown application identifier ${name}`);
    if (pairs.length >= MAX_ELEMENTS) return refuse('query holds more than a symbol carries');
    pairs.push([name, unescape(parameter.slice(at + 1), true)]);
  }
  return { pairs };
}

function assemble(inPath: readonly Pair[], inQuery: readonly Pair[], context: DateContext): Elements {
  const { entries, pathSequences } = syntaxDictionary();
  const elements: Element[] = [];
  const seen = new Set<string>();
  for (const [ai, value] of [...inPath, ...inQuery]) {
    const entry = entries.get(ai);
    if (!entry) return refuse(`there is no application identifier ${ai}`);
    if (seen.has(ai)) return refuse(`AI (${ai}) stands twice`);
    seen.add(ai);
    const checked = checkValue(entry, value, context);
    if (!checked.ok) return checked;
    elements.push({ entry, value });
  }
  const keys = inPath.map(([ai]) => ai);
  if (!pathSequences.has(keys.join(' '))) return refuse(`${keys.join(', ')} is no key with its qualifiers`);
  for (const [ai] of inQuery) {
    if (!entries.get(ai)?.isDigitalLinkAttribute) return refuse(`AI (${ai}) may not stand in the query`);
    for (let at = 1; at <= keys.length; at++)
      if (pathSequences.has(keys.toSpliced(at, 0, ai).join(' ')))
        return refuse(`AI (${ai}) belongs into the path`);
  }
  return checkTogether(elements);
}

/** Percent sequences; in a query a plus is a blank. A broken sequence stays as it is (and no AI allows NUL). */
function unescape(text: string, isQuery: boolean): string {
  return (isQuery ? text.replaceAll('+', ' ') : text).replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
