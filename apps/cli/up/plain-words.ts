/** The processes' event lines in plain words, for a person who watches the terminal. */
import { Type } from 'typebox';
import { parserFor } from '@truecount/protocol';

/** Fields that the sentences below use; events carry more. */
const Said = Type.Object({
  event: Type.String(),
  text: Type.Optional(Type.String()),
});
const parse = parserFor(Said);

/**
 * @param who the store's or the hub's name
 * @returns a line for the terminal, or undefined for an event that says nothing to a person
 */
export function inPlainWords(who: string, event: unknown): string | undefined {
  const said = parse(event);
  if (!said.ok || !said.value.text) return undefined;
  return `${who}: ${said.value.text}`;
}
