/**
 * `truecount replay FILE` as a process next to one that reads the same file and parses each line, by turns: processor
 * time of all threads, start included.
 */
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StoreWorld } from '../twin/store-world.ts';
import { type WorldSpec, worlds } from '../twin/worlds.ts';

const TRUECOUNT = fileURLToPath(new URL('../../apps/cli/truecount.mjs', import.meta.url));
const SEED = 901;
const TURNS = 3;
const FILES = [
  ['grocery', 3000, 90],
  ['grocery', 30_000, 10],
  ['fashion', 30_000, 30],
  ['hardware', 2000, 90],
  ['hardware', 100, 700],
  ['fashion', 300, 30],
  ['grocery', 20, 120],
] as const;

const PARSES = `
  const { createReadStream } = require('node:fs');
  const text = new TextDecoder();
  let rest = '';
  createReadStream(process.argv[1]).on('data', (chunk) => {
    const lines = (rest + text.decode(chunk, { stream: true })).split('\\n');
    rest = lines.pop();
    for (const line of lines) JSON.parse(line);
  });`;
/** The last thing that a process says: its processor time, of the main thread alone, and the most memory that it held. */
const TELLS = `data:text/javascript,process.on('exit', () => {
  const all = process.cpuUsage(), main = process.threadCpuUsage();
  process.stderr.write(JSON.stringify([all.user + all.system, main.user + main.system, process.resourceUsage().maxRSS]));
})`;

interface Spent {
  readonly cpuMs: number;
  readonly mainMs: number;
  readonly megabytes: number;
}

export async function wholeProcesses(): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'truecount-replay-'));
  const lines = ['', `whole processes, least of ${TURNS}`];
  try {
    for (const [name, skus, days] of FILES) {
      const file = join(folder, `${name}-${skus}-${days}.ndjson`);
      const count = await writeWorld(worlds[name] as WorldSpec, skus, days, file);
      const parses: Spent[] = [];
      const replays: Spent[] = [];
      for (let turn = 0; turn < TURNS; turn++) {
        parses.push(await run(['-e', PARSES, file]));
        replays.push(await run([TRUECOUNT, 'replay', file]));
      }
      const parse = least(parses);
      const replay = least(replays);
      const { size } = await stat(file);
      lines.push(
        `  ${name}, ${skus} SKUs, ${days} days, ${count} lines (${(size / 1e6).toFixed(0)} MB): ${replay.cpuMs.toFixed(0)} ms against ${parse.cpuMs.toFixed(0)} ms, ratio ${(replay.cpuMs / parse.cpuMs).toFixed(2)} (main threads ${(replay.mainMs / parse.mainMs).toFixed(2)}), ${replay.megabytes.toFixed(0)} MB`,
      );
      await rm(file);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return lines;
}

async function writeWorld(spec: WorldSpec, skus: number, days: number, file: string): Promise<number> {
  const world = new StoreWorld(spec, { skus, seed: SEED, days });
  const out = createWriteStream(file);
  let count = 0;
  for (let day = -1; day < days; day++) {
    const said = day < 0 ? world.opening() : world.nextDay();
    count += said.length;
    const text = said.map((observation) => `${JSON.stringify(observation)}\n`).join('');
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
  return count;
}

async function run(args: readonly string[]): Promise<Spent> {
  const child = spawn(process.execPath, ['--import', TELLS, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${said}`);
  const [all, main, kilobytes] = JSON.parse(said) as [number, number, number];
  return { cpuMs: all / 1000, mainMs: main / 1000, megabytes: (kilobytes * 1024) / 1e6 };
}

/** The least of each number: whatever else the machine does only adds. */
const least = (turns: readonly Spent[]): Spent => ({
  cpuMs: Math.min(...turns.map(({ cpuMs }) => cpuMs)),
  mainMs: Math.min(...turns.map(({ mainMs }) => mainMs)),
  megabytes: Math.min(...turns.map(({ megabytes }) => megabytes)),
});
