/**
 * Whether a sentence that a model wrote may be shown. Its form is already the grammar's; what is looked at here is
 * what a grammar cannot say: each value is told of the right thing, no number is written as a word, no name is
 * made up, nothing is claimed to have been done.
 */
import { looksInjected } from '../situation/injected.ts';
import { type Slot, slotRules } from '../situation/slots.ts';
import { slotsIn } from './fill.ts';

const numberWords =
  /\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|dozens?|twice|half|double)\b/i;
/** What an allocation conflict is, not an amount. */
const ofTheTrade = /\btwo (?=promises|orders)/gi;
/** Guidance never acts, so a sentence that says it did is false. */
const claimsToAct =
  /\b(i|we|it) (have|has|had|will|did|already) ?(been )?(sent|send|approved?|transferred|transfer|changed?|booked?|ordered|order|deleted?|released?|moved?|adjusted?)\b|\bi am\b/i;
const FEWEST_LETTERS = 8;

export function maySay(sentence: string): boolean {
  const words = sentence.replaceAll(/<[a-z]+>/g, 'value').replaceAll(ofTheTrade, 'some');
  if (!/^[A-Za-z ,.;:'-]*$/.test(words) || looksInjected(words)) return false;
  if (words.replaceAll(/[^a-z]/gi, '').length < FEWEST_LETTERS) return false;
  if (numberWords.test(words) || claimsToAct.test(words)) return false;
  // A capital inside a sentence would be a name that no context holds.
  if (/[a-z,;:'-] [A-Z][a-z]/.test(words)) return false;
  return clauses(sentence).every((clause) => slotsIn(clause).every((slot) => isToldRightly(slot, clause)));
}

const clauses = (text: string): readonly string[] => text.split(/(?<=[.;])\s+/);

/** The words around a slot up to the next number; a share stands for its whole clause. */
function isToldRightly(slot: Slot, clause: string): boolean {
  const { cue, format } = slotRules[slot];
  if (format !== 'number') return cue.test(clause.toLowerCase());
  const plain = clause.replaceAll(/<([a-z]+)>/g, (whole, name: string) => (isText(name) ? name : whole));
  const place = plain.indexOf(`<${slot}>`);
  const before = plain.slice(0, place);
  const after = plain.slice(place + slot.length + 2);
  return cue.test(`${before.slice(before.lastIndexOf('>') + 1)} ${after.split('<')[0] ?? ''}`.toLowerCase());
}

const isText = (name: string): boolean =>
  Object.hasOwn(slotRules, name) && slotRules[name as Slot].format === 'text';
