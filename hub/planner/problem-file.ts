/** Reads a problem from a file or standard input without ever holding more of it than one row and its columns. */
import { createReadStream } from 'node:fs';
import {
  parserFor,
  PlanningLane,
  PlanningNeed,
  PlanningPolicy,
  PlanningPosition,
} from '../../protocol/index.ts';
import { JsonSplitter, type JsonPart } from './json-splitter.ts';
import type { PackedProblem } from './packed-problem.ts';
import { PlanningError } from './planning-error.ts';
import { ProblemPacker } from './problem-packer.ts';

const BYTES_PER_READ = 1 << 20;
const parts: readonly string[] = ['stores', 'lanes', 'positions', 'needs', 'policy'];

/** @param file a path, or `-` for standard input
 *  @throws PlanningError that names the first fault and the field it is in */
export async function packFile(
  file: string,
  { shouldStop }: { readonly shouldStop: () => boolean },
): Promise<PackedProblem> {
  const packer = new ProblemPacker();
  const seen = new Set<string>();
  const splitter = new JsonSplitter({
    onKey: (key) => seen.add(key),
    onPart: (part) => {
      if (parts.includes(part.key)) addPart(packer, part);
    },
  });
  const options = { highWaterMark: BYTES_PER_READ };
  const input: AsyncIterable<Buffer> =
    file === '-' ? createReadStream('', { ...options, fd: 0 }) : createReadStream(file, options);
  try {
    for await (const chunk of input) {
      if (shouldStop()) throw new PlanningError('plan-aborted', 'Planning was aborted by its caller.');
      splitter.write(chunk);
    }
    splitter.end();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const name = file === '-' ? 'stdin' : file;
    throw new PlanningError('plan-invalid', `${name} is not JSON: ${error.message}.`, { cause: error });
  }
  for (const part of parts) if (!seen.has(part)) throw invalid(`${part} is missing`);
  return packer.finish();
}

const parsers = {
  lanes: parserFor(PlanningLane),
  positions: parserFor(PlanningPosition),
  needs: parserFor(PlanningNeed),
  policy: parserFor(PlanningPolicy),
};

function addPart(packer: ProblemPacker, { key, index, text }: JsonPart): void {
  const path = index === undefined ? key : `${key}.${index}`;
  const value = parseJson(path, text);
  if (key !== 'policy' && index === undefined) throw invalid(`${key} must be an array`);
  const take = <T>(
    parsed: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string },
  ): T => {
    if (parsed.ok) return parsed.value;
    throw invalid(`${path}.${parsed.problem}`);
  };
  if (key === 'lanes') packer.lane(take(parsers.lanes(value)));
  else if (key === 'positions') packer.position(take(parsers.positions(value)));
  else if (key === 'needs') packer.need(take(parsers.needs(value)));
  else if (key === 'policy') packer.policy(take(parsers.policy(value)));
  else packer.store(storeId(path, value));
}

function storeId(path: string, value: unknown): string {
  const id = value !== null && typeof value === 'object' && 'id' in value ? value.id : undefined;
  if (typeof id !== 'string' || id.length === 0 || id.length > 80)
    throw invalid(`${path}.id must be a string of 1 to 80 characters`);
  return id;
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const invalid = (what: string): PlanningError =>
  new PlanningError('plan-invalid', `The problem is not valid: ${what}.`);
