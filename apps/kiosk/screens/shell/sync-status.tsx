/** How the store stands with the hub, in one quiet line that always has the same place. */
import { useQuery } from '@tanstack/react-query';
import { Cloud, CloudOff, RefreshCw, TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import { nowQuery } from '../api/queries.ts';
import { type Standing, standingOf } from './standing.ts';
import { useWords } from '../words/use-words.ts';

const icons = {
  'agent-away': RefreshCw,
  fenced: TriangleAlert,
  outage: CloudOff,
  sending: Cloud,
  connected: Cloud,
} as const;

/** Every entry is on its way for a moment; that it takes longer is what is worth saying. */
const WORTH_SAYING_MS = 4_000;

function useSteady(standing: Standing): Standing {
  const [isLong, setLong] = useState(false);
  const isSending = standing === 'sending';
  useEffect(() => {
    if (!isSending) return undefined;
    const timer = setTimeout(() => setLong(true), WORTH_SAYING_MS);
    return () => {
      clearTimeout(timer);
      setLong(false);
    };
  }, [isSending]);
  return isSending && !isLong ? 'connected' : standing;
}

export function SyncStatus() {
  const { t, relative } = useWords();
  const { data, isError, failureCount } = useQuery(nowQuery);
  const sync = data?.sync;
  const standing = useSteady(standingOf(sync, isError || failureCount > 0));
  const Icon = icons[standing];
  const waiting = sync?.waiting ?? 0;
  const line = {
    'agent-away': t('sync.agent-away'),
    fenced: t('sync.fenced'),
    outage: waiting > 0 ? t('sync.outage-waiting', { count: waiting }) : t('sync.outage'),
    sending: t('sync.sending', { count: waiting }),
    connected: t('sync.connected'),
  }[standing];
  const detail = standing === 'outage' && sync ? t('sync.outage-since', { when: relative(sync.since) }) : '';
  return (
    <output className="sync" data-standing={standing} data-testid="sync-status">
      <Icon aria-hidden size={22} strokeWidth={1.75} />
      <span className="sync-words">
        <span className="sync-line">{line}</span>
        {detail && <span className="sync-detail">{detail}</span>}
      </span>
    </output>
  );
}
