/** `truecount replay`: observations from a file or stdin, beliefs per SKU at each close and checkpoint. */
import { stat } from 'node:fs/promises';
import { once } from 'node:events';
import { createBelief, Replay } from '@truecount/device/belief';
import { Command } from 'commander';
import { bytesOf } from './fold-file.ts';
import { parseObservation } from './observation-parser.ts';

interface ReplayOptions {
  readonly quiet?: boolean;
}

export function replayCommand(): Command {
  return new Command('replay')
    .description('observations (NDJSON) -> belief per SKU at each close and checkpoint')
    .argument('[file]', 'observations, one JSON object per line; - or nothing reads stdin', '-')
    .option('-q, --quiet', 'no progress on the terminal')
    .action(replayFile);
}

async function replayFile(file: string, options: ReplayOptions): Promise<void> {
  const replay = new Replay(createBelief(), parseObservation);
  const total = file === '-' ? 0 : (await stat(file)).size;
  const progress = new Progress(total, process.stderr.isTTY && options.quiet !== true);
  let skipped = 0;
  let bytes = 0;
  const foldWhatCame = async (): Promise<void> => {
    for (let outcome = replay.next(); outcome !== undefined; outcome = replay.next()) {
      if (outcome.kind === 'refused') {
        skipped++;
        process.stderr.write(`line ${replay.lines}: ${outcome.problem}; skipped\n`);
      } else for (const block of replay.answers()) await written(block);
    }
    progress.show(bytes, replay.lines);
  };
  for await (const chunk of bytesOf(file)) {
    bytes += chunk.length;
    replay.feed(chunk);
    await foldWhatCame();
  }
  replay.end();
  await foldWhatCame();
  progress.end();
  const { tooLate } = replay.belief.health;
  if (tooLate > 0)
    process.stderr.write(
      `${tooLate} times observations came later than the history held; folded as early as possible\n`,
    );
  if (skipped > 0) process.exitCode = 2;
}

async function written(block: Uint8Array): Promise<void> {
  if (!process.stdout.write(block)) await once(process.stdout, 'drain');
}

class Progress {
  readonly #total: number;
  readonly #shown: boolean;
  #last = 0;

  constructor(total: number, shown: boolean) {
    this.#total = total;
    this.#shown = shown;
  }

  show(bytes: number, lines: number): void {
    if (!this.#shown || bytes - this.#last < 8_000_000) return;
    this.#last = bytes;
    const share = this.#total > 0 ? ` ${Math.floor((100 * bytes) / this.#total)} %` : '';
    process.stderr.write(`\r${lines} lines${share} `);
  }

  end(): void {
    if (this.#shown && this.#last > 0) process.stderr.write('\n');
  }
}
