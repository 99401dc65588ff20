import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What is held is what is left after a full collection. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
