/**
 * Locks a manager session that nobody touches. A quiet line counts the last seconds down; any touch, key or
 * scan keeps the session. Works without the hub and without the agent's answer.
 */
import { useQuery } from '@tanstack/react-query';
import { Lock } from 'lucide-react';
import { useEffect, useEffectEvent, useState } from 'react';
import { sessionQuery } from '../api/queries.ts';
import { useWords } from '../words/use-words.ts';
import { type Idle, idleAfter } from './idle.ts';
import { useSignOut } from './use-sign-out.ts';

const active: Idle = { kind: 'active' };

export function IdleLock() {
  const { data } = useQuery(sessionQuery);
  return data?.signedIn ? <IdleWatch /> : null;
}

function IdleWatch() {
  const { t } = useWords();
  const [idle, setIdle] = useState<Idle>(active);
  const signOut = useSignOut();
  const lock = useEffectEvent(signOut);
  useEffect(() => {
    let touchedAt = performance.now();
    const touch = (): void => {
      touchedAt = performance.now();
      setIdle(active);
    };
    const timer = setInterval(() => {
      const next = idleAfter(performance.now() - touchedAt);
      if (next.kind === 'lock') lock();
      setIdle((shown) => (shown.kind === 'active' && next.kind === 'active' ? shown : next));
    }, 1000);
    const touches = ['pointerdown', 'keydown', 'wheel'] as const;
    for (const name of touches) window.addEventListener(name, touch, { capture: true, passive: true });
    return () => {
      clearInterval(timer);
      for (const name of touches) window.removeEventListener(name, touch, { capture: true });
    };
  }, []);
  if (idle.kind !== 'warning') return null;
  return (
    <output className="idle-warning">
      <Lock aria-hidden size={22} strokeWidth={1.75} />
      {t('session.locking', { count: idle.secondsLeft })}
    </output>
  );
}
