/** Writes the types of the hub's API as a hub of this source tree describes it: `npm run generate:hub-client`. */
import { writeFileSync } from 'node:fs';
import { typesOf } from '../../apps/hub-client/generate.ts';
import { startSmallHub } from './small-hub.ts';

const small = await startSmallHub();
try {
  const answer = await fetch(`${small.hub.url}/api/openapi.json`);
  const types = await typesOf((await answer.json()) as object);
  writeFileSync(new URL('../../apps/hub-client/schema.ts', import.meta.url), types);
  process.stdout.write(`${types.split('\n').length} lines\n`);
} finally {
  await small.close();
}
