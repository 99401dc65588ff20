/** `truecount up`: the whole product on one machine, fed by recorded real sales. */
import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';

const DEFAULT_SPEED = 240;
const DEFAULT_PORT = 7400;

function speed(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 1 || value > 3600)
    throw new InvalidArgumentError('a number from 1 (real time) to 3600 (an hour a second)');
  return value;
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1124 || value > 65_000)
    throw new InvalidArgumentError('a whole number from 1124 to 65000');
  return value;
}

interface UpOptions {
  readonly fresh: boolean;
  readonly data: string;
  readonly speed: number;
  readonly staff: boolean;
  readonly port: number;
}

export function upCommand(): Command {
  return new Command('up')
    .description('start a hub and three demo stores on this machine, fed by recorded real sales')
    .option('--fresh', 'forget what an earlier run left and begin anew', false)
    .option('--data <folder>', 'where everything is kept', '.truecount')
    .option('--speed <times>', 'how much faster than real time the recording runs', speed, DEFAULT_SPEED)
    .option('--port <first>', 'first of the ports, where they are free', port, DEFAULT_PORT)
    .option('--no-staff', 'nobody picks, ships and receives approved transfers; do it at the kiosks')
    .addHelpText(
      'after',
      `
Examples:
  truecount up                       goes on where the last run stopped
  truecount up --fresh --speed 600   begins anew, an hour every six seconds
  truecount up --no-staff            you do the steps of a transfer at both kiosks`,
    )
    .action(async (options: UpOptions) => {
      const { runDemo } = await import('../up/demo.ts');
      await runDemo({
        folder: resolve(options.data),
        isFresh: options.fresh,
        speed: options.speed,
        hasStaff: options.staff,
        firstPort: options.port,
        say: (line) => process.stdout.write(`${line}\n`),
      });
    });
}
