/** The agent's time, which a demo or a test may run on another clock than the browser's. */
import { type Pace, paceAfter, timeAt } from '@truecount/protocol';
import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { nowQuery } from './queries.ts';

const TICK_MS = 15_000;
const FAST_TICK_MS = 1_000;

const Now = createContext(0);

/** The agent's time in milliseconds. */
export const useAgentClock = (): number => useContext(Now);

/** One clock for all that is shown. */
export function AgentClock({ children }: { readonly children: ReactNode }) {
  return <Now value={useFollowedClock()}>{children}</Now>;
}

function useFollowedClock(): number {
  const { data, dataUpdatedAt } = useQuery(nowQuery);
  const [browserNow, setBrowserNow] = useState(() => Date.now());
  const [pace, setPace] = useState<Pace>();
  const [readAt, setReadAt] = useState(0);
  if (data && dataUpdatedAt !== readAt) {
    setReadAt(dataUpdatedAt);
    setPace(paceAfter(pace, { shown: Date.parse(data.now), at: dataUpdatedAt }));
  }
  const isFast = pace !== undefined && pace.speed > 1;
  useEffect(() => {
    const timer = setInterval(() => setBrowserNow(Date.now()), isFast ? FAST_TICK_MS : TICK_MS);
    return () => clearInterval(timer);
  }, [isFast]);
  return pace ? timeAt(pace, Math.max(browserNow, pace.last.at)) : browserNow;
}
