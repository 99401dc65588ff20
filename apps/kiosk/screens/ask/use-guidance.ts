/** One question at a time: a new one, or leaving the screen, cancels the one before. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { requestId } from '../api/client.ts';
import { askGuidance } from '../api/guidance.ts';
import { type AnswerSoFar, begin, hear } from './answer-so-far.ts';

export interface AskedOn {
  readonly exceptionId?: string;
  readonly sku?: string;
}

export function useGuidance({ exceptionId, sku }: AskedOn): {
  readonly answer: AnswerSoFar | undefined;
  readonly ask: (question: string) => void;
} {
  const [answer, setAnswer] = useState<AnswerSoFar>();
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const ask = useCallback(
    (question: string) => {
      running.current?.abort();
      const abort = new AbortController();
      running.current = abort;
      const id = requestId();
      setAnswer(begin(id, question));
      askGuidance(
        {
          id,
          question,
          ...(exceptionId === undefined ? {} : { exceptionId }),
          ...(sku === undefined ? {} : { sku }),
        },
        abort.signal,
        (event) => setAnswer((known) => (known?.id === id ? hear(known, event) : known)),
      ).catch(() => {
        if (abort.signal.aborted) return;
        setAnswer((known) => (known?.id === id ? { ...known, state: 'failed' } : known));
      });
    },
    [exceptionId, sku],
  );
  return { answer, ask };
}
