/** The belief's parameters as they cross a border: from a file, from the hub, into the store's database. */
import { parserFor } from '@truecount/protocol';
import { type TNumber, Type } from 'typebox';
import { DEFAULT_VERSION, parameterRanges } from './parameters.ts';

type Numbers = { readonly [N in keyof typeof parameterRanges]: TNumber };

export const BeliefParametersSchema = Type.Object({
  version: Type.String({ maxLength: 80, default: DEFAULT_VERSION }),
  // `as`: a schema for every name of the table.
  ...(Object.fromEntries(
    Object.entries(parameterRanges).map(([name, range]) => [name, Type.Number({ ...range })]),
  ) as Numbers),
});

/** Unknown fields are kept. */
export const parseParameters = parserFor(BeliefParametersSchema);
