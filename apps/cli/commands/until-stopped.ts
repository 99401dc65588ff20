/** When a long-running command ends. */
import { Option } from 'commander';

/** For programs that start this one: however they die, what they started ends too. */
export const whileStdinOption = (): Option =>
  new Option('--while-stdin', 'end when standard input ends (for programs that start this one)').default(
    false,
  );

/** Resolves at the first signal; a second one ends the process at once, as people expect of Ctrl-C. */
export function untilStopped(whileStdin: boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      // A stream that is still read would keep the process until whoever started it is gone.
      process.stdin.off('end', stop).pause();
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.off(signal, stop);
        process.once(signal, () => process.exit(130));
      }
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
    if (whileStdin) process.stdin.once('end', stop).resume();
  });
}
