/**
 * The agent's time, which a demo or a test may run on another clock than the browser's. Between two answers it
 * goes on at the browser's pace; the next answer corrects it.
 */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { nowQuery } from './queries.ts';

const TICK_MS = 15_000;

export function useAgentClock(): number {
  const { data, dataUpdatedAt } = useQuery(nowQuery);
  const [browserNow, setBrowserNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setBrowserNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  if (!data) return browserNow;
  return Date.parse(data.now) + Math.max(0, browserNow - dataUpdatedAt);
}
