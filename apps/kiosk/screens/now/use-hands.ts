/** True while somebody touches the screen, and a moment longer: the finger may be about to come down again. */
import { useEffect, useState } from 'react';

const REST_MS = 1_500;

export function useHands(): boolean {
  const [isTouched, setTouched] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const down = (): void => {
      clearTimeout(timer);
      setTouched(true);
    };
    const up = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => setTouched(false), REST_MS);
    };
    const listening = { capture: true, passive: true };
    window.addEventListener('pointerdown', down, listening);
    window.addEventListener('pointerup', up, listening);
    window.addEventListener('pointercancel', up, listening);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('pointerdown', down, listening);
      window.removeEventListener('pointerup', up, listening);
      window.removeEventListener('pointercancel', up, listening);
    };
  }, []);
  return isTouched;
}
