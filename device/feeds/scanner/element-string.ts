/** GS1 element strings: AI, value, AI, value ..., FNC1 sent as GS after values of variable length. */
import type { DateContext } from './gs1-date.ts';
import { type AiEntry, syntaxDictionary } from './syntax-dictionary.ts';

export const GS = '\u001d';
/** No symbol carries more. */
const MAX_AIS = 64;

export interface Element {
  readonly entry: AiEntry;
  readonly value: string;
}

export type Elements =
  | { readonly ok: true; readonly elements: readonly Element[] }
  | { readonly ok: false; readonly reason: string };

export const refuse = (reason: string): { readonly ok: false; readonly reason: string } => ({
  ok: false,
  reason,
});

/** @param data what follows the symbology identifier, without the FNC1 in first position */
export function parseElementString(data: string, context: DateContext): Elements {
  if (data === '') return refuse('no data after the symbology identifier');
  const { entries, aiLengthByPrefix } = syntaxDictionary();
  const elements: Element[] = [];
  let at = 0;
  while (at < data.length) {
    const prefix = data.slice(at, at + 2);
    const ai = data.slice(at, at + (aiLengthByPrefix.get(prefix) ?? 0));
    const entry = entries.get(ai);
    if (!entry) return refuse(`no application identifier begins "${data.slice(at, at + 4)}"`);
    if (elements.length >= MAX_AIS) return refuse('more application identifiers than a symbol carries');
    at += ai.length;
    const separator = data.indexOf(GS, at);
    const upToSeparator = separator < 0 ? data.length : separator;
    const end = entry.needsFnc1 ? upToSeparator : Math.min(at + entry.maxLength, upToSeparator);
    const checked = checkValue(entry, data.slice(at, end), context);
    if (!checked.ok) return checked;
    elements.push({ entry, value: data.slice(at, end) });
    at = data[end] === GS ? end + 1 : end;
  }
  return checkTogether(elements);
}

/** One value against its AI's parts. */
export function checkValue(
  entry: AiEntry,
  value: string,
  context: DateContext,
): { readonly ok: true } | { readonly ok: false; readonly reason: string } {
  const wrong = (reason: string) => refuse(`AI (${entry.ai}): ${reason}`);
  if (value === '') return wrong('value is empty');
  if (value.length > entry.maxLength) return wrong(`value is longer than ${entry.maxLength}`);
  let rest = value;
  for (const part of entry.components) {
    const piece = rest.slice(0, part.max);
    if (piece === '' && part.isOptional) continue;
    if (piece.length < part.min) return wrong('value has a wrong length');
    for (const linter of part.linters) {
      const reason = linter(piece, context);
      if (reason !== undefined) return wrong(`"${piece}" ${reason}`);
    }
    rest = rest.slice(piece.length);
  }
  return rest === '' ? { ok: true } : wrong('value has a wrong length');
}

/**
 * AIs that must not meet, the same AI with two values, a signature over a key without serial. AIs that need
 * company ("req" in the dictionary) may have it in another symbol on the same thing, so that is no error here.
 */
export function checkTogether(elements: readonly Element[]): Elements {
  const byAi = new Map<string, string>();
  for (const { entry, value } of elements) {
    const known = byAi.get(entry.ai);
    if (known !== undefined && known !== value)
      return refuse(`AI (${entry.ai}) stands twice with two values`);
    byAi.set(entry.ai, value);
  }
  for (const { entry } of elements)
    for (const pattern of entry.excludes) {
      const matcher = new RegExp(`^${pattern.replaceAll('n', '\\d')}$`);
      const clash = [...byAi.keys()].find((ai) => ai !== entry.ai && matcher.test(ai));
      if (clash !== undefined) return refuse(`AI (${entry.ai}) must not stand beside AI (${clash})`);
    }
  if (byAi.has('8030'))
    for (const { entry, value } of elements)
      if (['253', '255', '8003'].includes(entry.ai) && value.length === entry.minLength)
        return refuse(`AI (8030) needs a serial number in AI (${entry.ai})`);
  return { ok: true, elements };
}
