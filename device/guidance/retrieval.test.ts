import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadProcedures, shippedProcedures } from './library/library.ts';
import { readerRoles } from './library/procedure.ts';
import { ProcedureIndex } from './retrieval/procedure-index.ts';

const { procedures } = loadProcedures([shippedProcedures]);
const index = new ProcedureIndex(procedures);
const pairs = readFileSync(new URL('./retrieval/pairs.tsv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split('\t'));

describe('retrieval', () => {
  it('has the right procedure among the first three for 95 of 100 questions in plain words', () => {
    const found = pairs.filter(([question = '', id]) =>
      index.find(question, 'admin').some(({ procedure }) => procedure.id === id),
    );
    expect(pairs.length).toBeGreaterThanOrEqual(200);
    expect(found.length / pairs.length).toBeGreaterThanOrEqual(0.95);
  });

  it('finds nothing for a reader that the reader may not see, whatever is asked', () => {
    const words = [...new Set(procedures.flatMap(({ title, terms }) => `${title} ${terms}`.split(' ')))];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 12 }),
        fc.constantFrom(...readerRoles),
        (asked, role) => {
          for (const { procedure } of index.find(asked.join(' '), role, 10))
            expect(procedure.roles).toContain(role);
        },
      ),
    );
  });
});
