/** How the store stands with the hub. Pure. */
import type { SyncView } from '@truecount/protocol';

export type Standing = 'agent-away' | 'fenced' | 'outage' | 'sending' | 'connected';

export function standingOf(sync: SyncView | undefined, isAgentAway: boolean): Standing {
  if (isAgentAway) return 'agent-away';
  if (sync?.fenced) return 'fenced';
  if (sync && !sync.online) return 'outage';
  return sync && sync.waiting > 0 ? 'sending' : 'connected';
}
