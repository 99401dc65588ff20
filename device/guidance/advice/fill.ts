/** Values into a sentence: every slot must have one, else there is no sentence. */
import { type Slot, slotRules } from '../situation/slots.ts';

const slotPattern = /<([a-z]+)>/g;
const isSlot = (name: string): name is Slot => Object.hasOwn(slotRules, name);

/** undefined: a slot is unknown or this context lacks it. */
export function fill(text: string, facts: ReadonlyMap<Slot, string>): string | undefined {
  let isWhole = true;
  const filled = text.replaceAll(slotPattern, (_, name: string) => {
    const value = isSlot(name) ? facts.get(name) : undefined;
    if (value === undefined) isWhole = false;
    return value ?? '';
  });
  return isWhole && !/[<>]/.test(filled) ? filled : undefined;
}

export const slotsIn = (text: string): readonly Slot[] =>
  [...text.matchAll(slotPattern)].map(([, name = '']) => name).filter(isSlot);
