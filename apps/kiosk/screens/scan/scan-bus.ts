/** Scans that reach the screens from elsewhere than the keyboard: the store's serial scanners, through the agent. */
import type { ScanPush } from '@truecount/protocol';

type Listener = (scan: ScanPush) => void;
const listeners = new Set<Listener>();

export const announceScan: Listener = (scan) => {
  for (const listener of listeners) listener(scan);
};

export function onAnnouncedScan(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
