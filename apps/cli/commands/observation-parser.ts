/**
 * The protocol's parser of observations, loaded with the first line that asks for it: its schemas take longer to load than
 * all of `replay`, and most files are plain.
 */
import { createRequire } from 'node:module';
import type * as protocol from '@truecount/protocol';

const require = createRequire(import.meta.url);
let loaded: typeof protocol.parseObservation | undefined;

export const parseObservation: typeof protocol.parseObservation = (input) => {
  // `as`: the module of that name.
  loaded ??= (require('@truecount/protocol') as typeof protocol).parseObservation;
  return loaded(input);
};
