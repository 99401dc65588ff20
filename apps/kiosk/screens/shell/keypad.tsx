/** Large digits for counts and PINs; the same keys work on a keyboard. */
import { Delete } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, Group } from 'react-aria-components';
import { useWords } from '../words/use-words.ts';

const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

/** Enter means "ready" unless it is on its way to a button outside the digits: a digit that was tapped keeps the focus. */
export const isForKeypad = (target: EventTarget | null): boolean =>
  !(target instanceof Element) || target === document.body || target.closest('.keypad') !== null;

interface KeypadProps {
  readonly label: string;
  readonly isDisabled?: boolean;
  /** Takes the place right of the zero. */
  readonly corner?: ReactNode;
  readonly onDigit: (digit: string) => void;
  readonly onErase: () => void;
}

export function Keypad({ label, isDisabled = false, corner, onDigit, onErase }: KeypadProps) {
  const { t } = useWords();
  return (
    <Group className="keypad" aria-label={label}>
      {digits.map((digit) => (
        <Button
          key={digit}
          className="key"
          data-testid={`key-${digit}`}
          isDisabled={isDisabled}
          onPress={() => onDigit(digit)}
        >
          {digit}
        </Button>
      ))}
      <Button className="key soft" aria-label={t('keypad.erase')} isDisabled={isDisabled} onPress={onErase}>
        <Delete aria-hidden size={30} strokeWidth={1.75} />
      </Button>
      <Button className="key" data-testid="key-0" isDisabled={isDisabled} onPress={() => onDigit('0')}>
        0
      </Button>
      {corner ?? <span />}
    </Group>
  );
}
