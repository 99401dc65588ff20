/**
 * Index keys whose bytes sort as JavaScript sorts strings.
 *
 * RxDB's matcher and sort compare UTF-16 code units; SQLite's BINARY collation compares UTF-8 bytes. The two orders
 * differ only where surrogates (U+D800..U+DFFF) meet U+E000..U+FFFF, and a lone surrogate has no UTF-8 form at all.
 * Every code unit from U+D800 up is therefore stored as one supplementary code point, in the same order; text below
 * that range, nearly all text, is stored unchanged. The mapping is injective, so it also serves as the primary key.
 */

const firstMapped = 0xd800;
const supplementary = 0x10000;
// The whole range, lone surrogates included: the pattern works on code units, so it carries no `u` flag.
const needsMapping = /[\ud800-\uffff]/;

export function orderedKey(text: string): string {
  if (!needsMapping.test(text)) return text;
  let key = '';
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    key += unit < firstMapped ? text.charAt(at) : String.fromCodePoint(supplementary + unit - firstMapped);
  }
  return key;
}
