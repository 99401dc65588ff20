/** Folds a whole file of observations, for commands that ask one question at its end. */
import { closeSync, openSync, readSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type BeliefParameters, createBelief, Replay } from '@truecount/device/belief';
import { parseObservation } from './observation-parser.ts';

export async function foldFile(file: string, parameters: BeliefParameters | undefined): Promise<Replay> {
  const replay = new Replay(createBelief(parameters === undefined ? {} : { parameters }), parseObservation);
  const foldWhatCame = (): void => {
    for (let outcome = replay.next(); outcome !== undefined; outcome = replay.next()) {
      if (outcome.kind !== 'refused') continue;
      process.stderr.write(`line ${replay.lines}: ${outcome.problem}; skipped\n`);
      process.exitCode = 2;
    }
  };
  for await (const chunk of bytesOf(file)) {
    replay.feed(chunk);
    foldWhatCame();
  }
  replay.end();
  foldWhatCame();
  return replay;
}

const CHUNK_BYTES = 1 << 18;

/** Bytes of a file, or of stdin for `-`; a chunk holds until the next one is asked for. */
export async function* bytesOf(file: string): AsyncGenerator<Buffer, void, void> {
  if (file === '-') {
    for await (const chunk of process.stdin) yield Buffer.from(chunk);
    return;
  }
  const handle = openSync(file, 'r');
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    // Nobody else waits meanwhile: another thread that reads would only have to be woken for every chunk.
    for (;;) {
      const length = readSync(handle, chunk, 0, CHUNK_BYTES, null);
      if (length === 0) return;
      yield chunk.subarray(0, length);
    }
  } finally {
    closeSync(handle);
  }
}

export async function readParameters(file: string | undefined): Promise<BeliefParameters | undefined> {
  if (file === undefined) return undefined;
  const { parseParameters } = await import('@truecount/device/belief/parameter-schema');
  const parsed = parseParameters(JSON.parse(await readFile(file, 'utf8')));
  if (!parsed.ok) throw new ParametersError(`${file}: ${parsed.problem}; write one with "truecount learn"`);
  return parsed.value;
}

class ParametersError extends Error {
  readonly code = 'BELIEF_PARAMETERS';
}
