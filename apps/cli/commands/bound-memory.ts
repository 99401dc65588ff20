/** Memory of a server that runs for months beside other programs on a store's computer. */
import { setFlagsFromString } from 'node:v8';

/**
 * V8 lets its heap grow as if it had the machine to itself: garbage is looked for when the heap has several times its size.
 * Bounded here for a few hundredths more processor time; V8 reads the flag whenever a space wants to grow, so it may be set
 * while it runs. The space for new objects is the launcher's (`truecount.mjs`), since V8 lays that out when it starts.
 */
export function boundMemory(): void {
  setFlagsFromString('--heap-growing-percent=30');
}
