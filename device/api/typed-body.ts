/** Request parts parsed by the protocol's schemas; what does not fit is a 400 that names the field. */
import { parserFor } from '@truecount/protocol';
import type { Static, TSchema } from 'typebox';
import { ProblemError } from './problem.ts';

export function bodyParser<S extends TSchema>(schema: S): (body: unknown) => Static<S> {
  const parse = parserFor(schema);
  return (body) => {
    const parsed = parse(body);
    if (!parsed.ok) throw new ProblemError(400, 'E_REQUEST', `the request's body: ${parsed.problem}`);
    return parsed.value;
  };
}

/** An id from the path. */
export function idIn(params: unknown, name: 'id' | 'sku'): string {
  const value = (params as Readonly<Record<string, unknown>>)[name];
  if (typeof value !== 'string' || value === '' || value.length > 128)
    throw new ProblemError(400, 'E_REQUEST', `${name} in the address is missing or too long`);
  return value;
}
