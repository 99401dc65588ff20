/** Text to the stems that are looked up: lower case, no filler words, Porter's stem, one word for its synonyms. */
import { stemmer } from 'stemmer';
import { synonymOf } from './synonyms.ts';

const filler = new Set(
  `a an and are as at be been being but by can could did do does doing done for from get gets getting go goes going got had has have having he her
  here hers him his how i if in into is it its just know let like may me might mine must my need needs no not now of off on one or our ours out
  please put really right say see she should so some somebody someone something such tell than thank thanks that the their them then there these
  they thing things this those to too us very want wants was way we were what when where whether which who whom whose why will with would yes you
  your yours am any anybody anyone about after again all also because before both each ever every exactly first keep kind make makes maybe mean
  more most much many next now only other over own perhaps quite rather same shall since still take until up upon use used using well while
  happen happens happened happening proper properly correct correctly allowed think look looks looking help hi hello hey ok okay procedure
  rule rules step steps policy quick question supposed best good sure today sop guide handle deal dealing work works`.split(
    /\s+/,
  ),
);

export function stemsOf(text: string): readonly string[] {
  const words = text
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/['’]s\b/g, '')
    .match(/[a-z0-9]+/g);
  return (words ?? [])
    .filter((word) => word.length > 1 && !filler.has(word))
    .map((word) => synonymOf(stemmer(word)));
}
