import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomProblem } from '../../test/builders/planning-problem.ts';
import { JsonSplitter } from './json-splitter.ts';
import { packAtOnce } from './pack-problem.ts';
import { packFile } from './problem-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'problem-'));
const goesOn = { shouldStop: () => false };

function file(content: string): string {
  const path = join(folder, 'problem.json');
  writeFileSync(path, content);
  return path;
}

describe('a problem read from a file', () => {
  const problem = randomProblem({ seed: 3, stores: 6, skus: 4, fixed: 2, ordered: 0.5, pmf: true });

  it('is the same as one handed over, however it is written', async () => {
    const { stores, ...rest } = problem;
    const written = JSON.stringify({ note: { of: ['no "importance", {'] }, ...rest, stores }, undefined, 3);
    const read = await packFile(file(written), goesOn);
    const handed = packAtOnce(problem);
    expect(read.positions.pmf).toEqual(handed.positions.pmf);
    expect(read.positions.rate).toEqual(handed.positions.rate);
    expect(read.needs.order).toEqual(handed.needs.order);
    expect(Array.from(read.lanes.from, (at) => read.stores[at])).toEqual(
      problem.lanes.map(({ from }) => from),
    );
  });

  const [position] = problem.positions;
  const faults: [string, string, unknown][] = [
    ['a negative rate', 'positions.1.rate', { positions: [position, { ...position, sku: 'x', rate: -1 }] }],
    ['a lane without hours', 'lanes.0', { lanes: [{ from: 's0', to: 's1', fixed: 1, perUnit: 1 }] }],
    ['a share above 1', 'policy.alpha', { policy: { alpha: 2 } }],
    ['a store without an id', 'stores.0.id', { stores: [{}] }],
    ['needs that are no list', 'needs must be an array', { needs: {} }],
    ['a missing part', 'needs is missing', { needs: undefined }],
    [
      'an unlisted store',
      'needs.0 names store "nowhere"',
      { needs: [{ ...problem.needs[0], store: 'nowhere' }] },
    ],
  ];
  it.each(faults)('is refused with the field that is wrong: %s', async (_, where, change) => {
    const path = file(JSON.stringify({ ...problem, ...(change as object) }));
    await expect(packFile(path, goesOn)).rejects.toThrow(where);
  });

  it.each(['', '[]', '{"stores":[', '{"stores":[{"id":"a"} {"id":"b"}]}', '{"stores":[}]}', 'no'])(
    'is refused when it is not one JSON object: %s',
    async (text) => {
      await expect(packFile(file(text), goesOn)).rejects.toMatchObject({
        code: 'plan-invalid',
        message: expect.stringContaining('is not JSON') as string,
      });
    },
  );
});

describe('the splitter', () => {
  it('cuts any object into its parts, wherever its bytes are split', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.oneof(fc.array(fc.jsonValue(), { maxLength: 5 }), fc.jsonValue())),
        fc.integer({ min: 1, max: 9 }),
        (value, size) => {
          const found: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
          const splitter = new JsonSplitter({
            onKey: (key) => (found[key] = undefined),
            onPart: ({ key, index, text }) => {
              if (index === undefined) found[key] = JSON.parse(text);
              else found[key] = [...((found[key] ?? []) as unknown[]), JSON.parse(text)];
            },
          });
          const bytes = Buffer.from(JSON.stringify(value));
          for (let at = 0; at < bytes.length; at += size) splitter.write(bytes.subarray(at, at + size));
          splitter.end();
          const expected = Object.entries(JSON.parse(bytes.toString()) as Record<string, unknown>);
          expect(Object.keys(found)).toHaveLength(expected.length);
          for (const [key, part] of expected)
            expect(found[key] ?? (Array.isArray(part) ? [] : null)).toEqual(part);
        },
      ),
      { numRuns: 500 },
    );
  });
});
