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

/** Ends a hub without a word, again and again; the others go on meanwhile. */
export function killHubs(times: number): (context: FaultContext) => Promise<void> {
  return async ({ world, random }) => {
    for (let n = 0; n < times; n += 1) {
      const hub = random.pick(world.hubs);
      await after(random.between(0, MAX_CALM_MS));
      await hub.kill();
      await after(random.between(0, MAX_CALM_MS));
      // Not waited for: the next kill may well come while it starts.
      void hub.start().catch(() => undefined);
    }
  };
}
