/** Scans and keys of the whole window, for screens that work by touch, keyboard and scanner alike. */
import { useEffect, useEffectEvent } from 'react';
import type { ScanPush } from '@truecount/protocol';
import { onAnnouncedScan } from './scan-bus.ts';
import { readKey, silence } from './scan-reader.ts';

interface Listening {
  readonly onScan?: (scan: ScanPush) => void;
  /** A key that no text field wants; true when it was used up and must not also press the focused button. */
  readonly onKey?: (key: string, target: EventTarget | null) => boolean;
  /** A burst has turned out to be a scan: what `onKey` was told since the burst began is to be forgotten. */
  readonly onBurstWasScan?: () => void;
  /** The first key of what may become a burst is about to be told. */
  readonly onBurstBegins?: () => void;
}

const isTextField = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement ||
  target instanceof HTMLTextAreaElement ||
  (target instanceof HTMLElement && target.isContentEditable);

export function useScanner(listening: Listening): void {
  const handle = useEffectEvent((event: KeyboardEvent, step: ReturnType<typeof readKey>) => {
    if (step.kind === 'scan') {
      // Enter would otherwise also press whatever button has the focus.
      event.preventDefault();
      event.stopPropagation();
      listening.onBurstWasScan?.();
      listening.onScan?.({ text: step.text });
      return;
    }
    if (step.kind === 'more' && step.isFirst) listening.onBurstBegins?.();
    if (event.ctrlKey || event.metaKey || event.altKey || isTextField(event.target)) return;
    if (!listening.onKey?.(event.key, event.target)) return;
    event.preventDefault();
    event.stopPropagation();
  });
  const announced = useEffectEvent((scan: ScanPush) => listening.onScan?.(scan));
  useEffect(() => onAnnouncedScan((scan) => announced(scan)), []);
  useEffect(() => {
    let burst = silence;
    const onKeyDown = (event: KeyboardEvent): void => {
      const key = event.ctrlKey && event.key === ']' ? '\u001d' : event.key;
      const step = readKey(burst, key, event.timeStamp);
      burst = step.burst;
      handle(event, step);
    };
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, []);
}
