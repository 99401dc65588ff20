/**
 * Writes the training corpus: one case a line, `{"prompt","answer"}`, made with the device's own procedures,
 * candidates and prompt, so that training and serving cannot differ.
 *
 *   node models/guide/corpus/make-corpus.ts --out build/guide/corpus.ndjson --cases 60000 --seed 1
 */
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { loadProcedures, shippedProcedures } from '@truecount/device/guidance';
import { makeCase } from './make-case.ts';
import { randomFrom } from './random.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'models/guide/build/corpus.ndjson' },
    cases: { type: 'string', default: '60000' },
    seed: { type: 'string', default: '1' },
  },
});

const random = randomFrom(Number(values.seed));
const { procedures, problems } = loadProcedures([shippedProcedures]);
if (problems.length > 0)
  throw new Error(problems.map(({ file, problem }) => `${file}: ${problem}`).join('\n'));
const cards = procedures.filter(({ kinds }) => kinds.length > 0);
mkdirSync(dirname(values.out), { recursive: true });
const out = createWriteStream(values.out);
for (let made = 0; made < Number(values.cases); made += 1)
  out.write(`${JSON.stringify(makeCase(cards, random))}\n`);
out.end();
