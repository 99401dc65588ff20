import { readFileSync } from 'node:fs';
import { parserFor } from '@truecount/protocol';
import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';

const Lockfile = Type.Object({
  packages: Type.Record(
    Type.String(),
    Type.Object({
      /** What is installed under this path, where it is another package than the path says. */
      name: Type.Optional(Type.String()),
      optionalDependencies: Type.Optional(Type.Record(Type.String(), Type.String())),
    }),
  ),
});

const parsed = parserFor(Lockfile)(
  JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')),
);
if (!parsed.ok) throw new Error(`package-lock.json: ${parsed.problem}`);
const packages = Object.entries(parsed.value.packages);
const names = new Set(packages.map(([path]) => path.replace(/^.*node_modules\//, '')));

describe('the lockfile', () => {
  it('holds the optional packages of every platform, without which "npm ci" refuses to start', () => {
    const missing = packages.flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !names.has(name))
        .map((name) => `${path} needs ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it('fetches no CUDA packages', () => {
    const fetched = packages.map(([path, { name }]) => name ?? path);
    expect(fetched.filter((name) => /cuda|vulkan/i.test(name))).toEqual([]);
  });
});
