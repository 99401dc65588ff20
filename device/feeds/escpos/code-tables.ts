/**
 * Character code tables by the number that ESC t (Epson) or ESC GS t (Star) selects, as iconv-lite encoding
 * names. Tables that iconv-lite lacks are absent: their ASCII half still reads, the rest is counted.
 * Source: Epson "Character Code Tables", Star "Code Page Selection". Vendors differ in places, so a feed's
 * settings may override single numbers.
 */
export const KATAKANA = 'katakana';

export const escposCodeTables: Readonly<Record<number, string>> = {
  0: 'cp437',
  1: KATAKANA,
  2: 'cp850',
  3: 'cp860',
  4: 'cp863',
  5: 'cp865',
  13: 'cp857',
  14: 'cp737',
  15: 'iso88597',
  16: 'cp1252',
  17: 'cp866',
  18: 'cp852',
  19: 'cp858',
  20: 'tis620',
  21: 'tis620',
  26: 'tis620',
  30: 'tcvn',
  31: 'tcvn',
  32: 'cp720',
  33: 'cp775',
  34: 'cp855',
  35: 'cp861',
  36: 'cp862',
  37: 'cp864',
  38: 'cp869',
  39: 'iso88592',
  40: 'iso885915',
  44: 'cp1125',
  45: 'cp1250',
  46: 'cp1251',
  47: 'cp1253',
  48: 'cp1254',
  49: 'cp1255',
  50: 'cp1256',
  51: 'cp1257',
  52: 'cp1258',
};

export const starCodeTables: Readonly<Record<number, string>> = {
  0: 'cp437',
  1: 'cp437',
  2: KATAKANA,
  3: 'cp437',
  4: 'cp858',
  5: 'cp852',
  6: 'cp860',
  7: 'cp861',
  8: 'cp863',
  9: 'cp865',
  10: 'cp866',
  11: 'cp855',
  12: 'cp857',
  13: 'cp862',
  14: 'cp864',
  15: 'cp737',
  17: 'cp869',
  18: 'iso88597',
  21: 'cp874',
  32: 'cp1252',
  33: 'cp1250',
  34: 'cp1251',
  97: 'tis620',
  102: 'tis620',
};

/** The upper half of Epson's katakana table: line graphics, half-width katakana, symbols. */
export const katakanaUpperHalf: readonly string[] = Array.from(
  '▁▂▃▄▅▆▇█▏▎▍▌▋▊▉┼┴┬┤├▔─│▕┌┐└┘╭╮╰╯\u00a0｡｢｣､･ｦｧｨｩｪｫｬｭｮｯｰｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝﾞﾟ' +
    '═╞╪╡◢◣◥◤♠♥♦♣●○╱╲╳円年月日時分秒〒市区町村人▒\u00a0',
);

/** ESC R n replaces these twelve ASCII characters. */
const REPLACED = '#$@[\\]^`{|}~';
const sets = [
  '#$@[\\]^`{|}~',
  '#$à°ç§^`éùè¨',
  '#$§ÄÖÜ^`äöüß',
  '£$@[\\]^`{|}~',
  '#$@ÆØÅ^`æøå~',
  '#¤ÉÄÖÅÜéäöåü',
  '#$@°\\é^ùàòèì',
  '₧$@¡Ñ¿^`¨ñ}~',
  '#$@[¥]^`{|}~',
  '#¤ÉÆØÅÜéæøåü',
  '#$ÉÆØÅÜéæøåü',
  '#$á¡Ñ¿é`íñóú',
  '#$á¡Ñ¿éüíñóú',
  '#$@[₩]^`{|}~',
  '#$ŽŠĐĆČžšđćč',
  '#¥@[\\]^`{|}~',
  '#₫@[\\]^`{|}~',
] as const;

/** The replacements of one international set; empty for the plain ASCII one and for unknown numbers. */
export function internationalSet(number: number): ReadonlyMap<string, string> {
  const set = Array.from(sets[number] ?? REPLACED);
  return new Map(
    Array.from(REPLACED, (from, at) => [from, set[at] ?? from] as const).filter(([a, b]) => a !== b),
  );
}
