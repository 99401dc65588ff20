/**
 * One random reading of a pattern: `{a|b}` a choice, `[x]` present or not; both nest. A choice of one word that has a
 * name, as `{it}`, is one of that name's patterns.
 */
import type { Random } from './random.ts';

export type Names = Readonly<Record<string, readonly string[]>>;

export function expand(pattern: string, random: Random, names: Names): string {
  let at = 0;
  const sequence = (ends: string): string => {
    let text = '';
    while (at < pattern.length && !ends.includes(pattern[at] ?? '')) {
      const sign = pattern[at];
      at += 1;
      if (sign === '{') text += choice();
      else if (sign === '[') {
        const inner = sequence(']');
        at += 1;
        if (random.chance(0.5)) text += inner;
      } else text += sign;
    }
    return text;
  };
  const choice = (): string => {
    const options: string[] = [];
    do {
      options.push(sequence('|}'));
      at += 1;
    } while (pattern[at - 1] === '|');
    const [only = ''] = options;
    if (options.length > 1) return random.pick(options);
    const named = names[only];
    if (named === undefined) return only;
    return expand(random.pick(named), random, names);
  };
  return sequence('').replaceAll(/\s+/g, ' ').trim();
}
