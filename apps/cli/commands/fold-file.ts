/** Folds a whole file of observations, for commands that ask one question at its end. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type BeliefParameters, createBelief, parseParameters, Replay } from '@truecount/device/belief';

export async function foldFile(file: string, parameters: BeliefParameters | undefined): Promise<Replay> {
  const replay = new Replay(createBelief(parameters === undefined ? {} : { parameters }));
  const foldWhatCame = (): void => {
    for (let outcome = replay.next(); outcome !== undefined; outcome = replay.next()) {
      if (outcome.kind !== 'refused') continue;
      process.stderr.write(`line ${replay.lines}: ${outcome.problem}; skipped\n`);
      process.exitCode = 2;
    }
  };
  for await (const chunk of bytesOf(file)) {
    replay.feed(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    foldWhatCame();
  }
  replay.end();
  foldWhatCame();
  return replay;
}

/** Bytes of a file, or of stdin for `-`. */
export const bytesOf = (file: string): AsyncIterable<Buffer | string> =>
  file === '-' ? process.stdin : createReadStream(file, { highWaterMark: 1 << 20 });

export async function readParameters(file: string | undefined): Promise<BeliefParameters | undefined> {
  if (file === undefined) return undefined;
  const parsed = parseParameters(JSON.parse(await readFile(file, 'utf8')));
  if (!parsed.ok) throw new ParametersError(`${file}: ${parsed.problem}; write one with "truecount learn"`);
  return parsed.value;
}

class ParametersError extends Error {
  readonly code = 'BELIEF_PARAMETERS';
}
