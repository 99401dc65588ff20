/** The time of the machine that is shown: a demo or a test may run on another clock than the browser's. */
import { type Pace, paceAfter, timeAt } from '@truecount/protocol';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';

const TICK_MS = 15_000;
const FAST_TICK_MS = 1_000;

const Now = createContext(0);

/** Milliseconds since 1970 on the machine that is shown. */
export const useShownNow = (): number => useContext(Now);

interface ShownClockProps {
  /** An instant that the machine said last; undefined before it said any. */
  readonly said: string | undefined;
  /** When it was said, on the browser's clock. */
  readonly saidAt: number;
  readonly children: ReactNode;
}

/** One clock for all that is shown. */
export function ShownClock({ said, saidAt, children }: ShownClockProps) {
  return <Now value={useFollowedClock(said, saidAt)}>{children}</Now>;
}

function useFollowedClock(said: string | undefined, saidAt: number): number {
  const [browserNow, setBrowserNow] = useState(() => Date.now());
  const [pace, setPace] = useState<Pace>();
  const [readAt, setReadAt] = useState(0);
  if (said !== undefined && saidAt !== readAt) {
    setReadAt(saidAt);
    setPace(paceAfter(pace, { shown: Date.parse(said), at: saidAt }));
  }
  const isFast = pace !== undefined && pace.speed > 1;
  useEffect(() => {
    const timer = setInterval(() => setBrowserNow(Date.now()), isFast ? FAST_TICK_MS : TICK_MS);
    return () => clearInterval(timer);
  }, [isFast]);
  return pace ? timeAt(pace, Math.max(browserNow, pace.last.at)) : browserNow;
}
