/** Short confirmations with a way back, laid over the foot of the screen so that nothing moves. */
import { Check, TriangleAlert, Undo2 } from 'lucide-react';
import {
  Button,
  Text,
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components';
import { useWords } from '../words/use-words.ts';

export interface Notice {
  readonly tone: 'done' | 'problem';
  readonly text: string;
  readonly undo?: () => void;
}

/** Long enough to read and reach, short enough not to pile up. */
const SHOWN_MS = 10_000;
const queue = new ToastQueue<Notice>({ maxVisibleToasts: 1 });
let shown: string | undefined;

/** The newest takes the place of the one before it. */
export function notify(notice: Notice): void {
  if (shown !== undefined) queue.close(shown);
  shown = queue.add(notice, { timeout: SHOWN_MS });
}

export function Notices() {
  const { t } = useWords();
  return (
    <ToastRegion queue={queue} className="notices" aria-label={t('notice.region')}>
      {({ toast }) => {
        const { tone, text, undo } = toast.content;
        const Icon = tone === 'done' ? Check : TriangleAlert;
        return (
          <Toast toast={toast} className="notice" data-tone={tone} data-testid="notice">
            <Icon aria-hidden size={26} strokeWidth={2} />
            <ToastContent className="notice-text">
              <Text slot="title">{text}</Text>
            </ToastContent>
            {undo && (
              <Button
                className="button quiet"
                data-testid="undo"
                onPress={() => {
                  queue.close(toast.key);
                  undo();
                }}
              >
                <Undo2 aria-hidden size={22} strokeWidth={2} />
                {t('notice.undo')}
              </Button>
            )}
            <Button slot="close" className="button ghost">
              {t('notice.close')}
            </Button>
          </Toast>
        );
      }}
    </ToastRegion>
  );
}
