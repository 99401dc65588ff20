/** Faults of every kind, one after the other, for a while. */
import { setTimeout as after } from 'node:timers/promises';
import { type FaultContext, pickFault } from './faults.ts';

const MAX_CALM_MS = 900;

/** @param say one line for every fault */
export function randomFaults(
  seconds: number,
  say: (text: string) => void = () => undefined,
): (context: FaultContext) => Promise<void> {
  return async (context) => {
    const { world, random } = context;
    const until = performance.now() + seconds * 1000;
    while (performance.now() < until) {
      const fault = pickFault(world, random);
      say(`${new Date().toISOString()} ${await fault.strike(context)}`);
      for (const process of world.processes) process.lookAtMemory();
      await after(random.between(0, MAX_CALM_MS));
    }
  };
}
