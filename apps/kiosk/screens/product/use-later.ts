import { useEffect, useState } from 'react';

/** The value once it has rested, so that typing asks once and not at every key. */
const REST_MS = 180;

export function useLater(value: string): string {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), REST_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}
