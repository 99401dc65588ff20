/** The manager's PIN, by touch or keyboard. The PIN leaves the screen as soon as it was tried. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { LogIn, ShieldCheck } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import { agent } from '../api/client.ts';
import { sessionQuery } from '../api/queries.ts';
import { Refused } from '@truecount/screens/request';
import { useScanner } from '../scan/use-scanner.ts';
import { isForKeypad, Keypad } from './keypad.tsx';
import { sayTime } from '../words/format.ts';
import { useWords } from '../words/use-words.ts';

const SHORTEST = 4;
const LONGEST = 12;

interface PinProps {
  /** What the PIN opens. */
  readonly line: string;
  readonly lockedUntil: string | undefined;
}

export function PinPad({ line, lockedUntil }: PinProps) {
  const { t, locale } = useWords();
  const queries = useQueryClient();
  const [pin, setPin] = useState('');
  const signIn = useMutation({
    mutationFn: (tried: string) => agent.signIn(tried),
    // A wrong PIN counts; it must not be tried again by itself.
    retry: false,
    onMutate: () => setPin(''),
    onSuccess: (session) => queries.setQueryData(sessionQuery.queryKey, session),
    onSettled: () => queries.invalidateQueries({ queryKey: sessionQuery.queryKey }),
  });
  const isLocked = lockedUntil !== undefined;
  // The lock runs on the machine's own clock, also where the agent's time is a demo's.
  useEffect(() => {
    if (lockedUntil === undefined) return undefined;
    const again = (): void => void queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
    const timer = setTimeout(again, Math.max(1_000, Date.parse(lockedUntil) - Date.now() + 500));
    return () => clearTimeout(timer);
  }, [lockedUntil, queries]);
  const isBlocked = isLocked || signIn.isPending;
  const add = (digit: string): void => {
    if (!isBlocked) setPin((before) => (before.length < LONGEST ? before + digit : before));
  };
  const erase = (): void => setPin((before) => before.slice(0, -1));
  const submit = (): void => {
    if (pin.length >= SHORTEST && !isBlocked) signIn.mutate(pin);
  };
  useScanner({
    // A scanner that types would otherwise leave its digits in the PIN.
    onBurstWasScan: () => setPin(''),
    onKey: (key, target) => {
      if (/^\d$/.test(key)) add(key);
      else if (key === 'Backspace') erase();
      else if (key === 'Enter' && isForKeypad(target)) submit();
      else return false;
      return true;
    },
  });
  const problem = isLocked
    ? t('pin.locked', { when: sayTime(lockedUntil, locale) })
    : signIn.error instanceof Refused
      ? signIn.error.status === 401
        ? t('pin.wrong')
        : signIn.error.message
      : signIn.error
        ? t('notice.agent-away')
        : signIn.data && !signIn.data.signedIn
          ? t('pin.wrong')
          : '';
  return (
    <div className="pin" data-testid="pin-pad">
      <div className="pin-words">
        <ShieldCheck aria-hidden size={56} strokeWidth={1.25} />
        <h2>{t('pin.title')}</h2>
        <p>{line}</p>
        <p className="pin-problem" role="alert" data-testid="pin-problem">
          {problem}
        </p>
      </div>
      <div className="pin-entry">
        <output
          className="pin-dots"
          aria-label={t('pin.entered', { count: pin.length })}
          data-testid="pin-dots"
        >
          {Array.from({ length: Math.max(SHORTEST, pin.length) }, (_, index) => (
            <span key={index} className="pin-dot" data-filled={index < pin.length || undefined} />
          ))}
        </output>
        <Keypad
          label={t('pin.keypad')}
          isDisabled={isBlocked}
          onDigit={add}
          onErase={erase}
          corner={
            <Button
              className="key primary"
              data-testid="pin-submit"
              aria-label={t('pin.submit')}
              isDisabled={pin.length < SHORTEST || isBlocked || signIn.isPending}
              onPress={submit}
            >
              <LogIn aria-hidden size={32} strokeWidth={2} />
            </Button>
          }
        />
      </div>
    </div>
  );
}
