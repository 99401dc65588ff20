/** Does something again and again, never twice at once, and stops cleanly. */
export interface Heartbeat {
  /** Resolves when the beat in progress is over and no other will come. */
  stop(): Promise<void>;
}

export function startHeartbeat(
  everyMs: number,
  beat: () => Promise<void>,
  onError: (error: unknown) => void,
): Heartbeat {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let isStopped = false;
  const beatOnce = async (): Promise<void> => {
    try {
      await beat();
    } catch (error) {
      onError(error);
    }
    if (!isStopped) wait();
  };
  const wait = (): void => {
    timer = setTimeout(() => {
      running = beatOnce();
    }, everyMs);
  };
  wait();
  return {
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
      return running;
    },
  };
}
