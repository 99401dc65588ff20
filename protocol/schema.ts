/** Building blocks shared by every schema, and the one way to parse what crosses a border. */
import { type Static, type TSchema, Type } from 'typebox';
// Not `typebox/compile`: it checks the same and loads 150 files more, for conversions that nobody here asks for.
import { Compile } from 'typebox/schema';

/** ISO 8601 UTC with milliseconds, e.g. `2026-03-02T09:14:03.120Z`; sorts as text. */
export const Instant = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$',
  maxLength: 24,
  description: 'ISO 8601 UTC with milliseconds',
});
/** UUIDv7, or a key derived from one; sorts by creation. */
export const Id = Type.String({ minLength: 1, maxLength: 128 });
export const StoreId = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$', maxLength: 40 });
export const DeviceId = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$', maxLength: 64 });
export const Sku = Type.String({ minLength: 1, maxLength: 64 });
export const Probability = Type.Number({ minimum: 0, maximum: 1 });
export const Units = Type.Integer({ minimum: 0, maximum: 1_000_000 });
export const ShortText = Type.String({ maxLength: 500 });

/** Integer minor units (cents) plus ISO 4217 currency. */
export const Money = Type.Object({
  minor: Type.Integer(),
  currency: Type.String({ pattern: '^[A-Z]{3}$', maxLength: 3 }),
});
export type Money = Static<typeof Money>;

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string };

/**
 * Compiles a schema into a parser for untrusted input. The parser returns the value itself, typed, or one
 * line that names the field and what is wrong with it; it never throws and never drops unknown fields.
 */
export function parserFor<S extends TSchema>(schema: S): (input: unknown) => Parsed<Static<S>> {
  // Compiled when first used: a process meets few of the contract's schemas, and each costs time and memory.
  let checked: ReturnType<typeof Compile<S>> | undefined;
  return (input) => {
    const compiled = (checked ??= Compile(schema));
    if (compiled.Check(input)) return { ok: true, value: input };
    const [, [first]] = compiled.Errors(input);
    const where = first?.instancePath.replaceAll('/', '.').replace(/^\./, '');
    const what = first?.message ?? 'does not match the schema';
    return { ok: false, problem: where ? `${where} ${what}` : what };
  };
}
