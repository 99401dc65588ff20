/**
 * Parsing without generated code, for browser pages whose content security policy forbids `eval`. Slower than
 * `parserFor` and otherwise the same: the value itself, typed, or one line that names the field.
 */
import type { Static, TSchema } from 'typebox';
import { Check, Errors } from 'typebox/schema';
import type { Parsed } from './schema.ts';

export type Reader<T> = (input: unknown) => Parsed<T>;

export function readerFor<S extends TSchema>(schema: S): Reader<Static<S>> {
  return (input) => {
    if (Check(schema, input)) return { ok: true, value: input };
    const [, [first]] = Errors(schema, input);
    const where = first?.instancePath.replaceAll('/', '.').replace(/^\./, '');
    const what = first?.message ?? 'does not match the schema';
    return { ok: false, problem: where ? `${where} ${what}` : what };
  };
}
