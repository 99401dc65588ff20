/**
 * Tells a hand scanner from a hand: a keyboard-wedge scanner types a whole code in a burst and ends it with
 * Enter. State: the characters of the burst so far and when the last one came. Pure; times are inputs.
 *
 * Invariants: a burst is at least `SHORTEST` characters with no pause above `LONGEST_PAUSE_MS` between them;
 * anything slower, shorter, or without Enter is a person typing. Offline behaviour: none, no I/O.
 */
import type { ScanPush } from '@truecount/protocol';

export interface Burst {
  readonly text: string;
  readonly lastAtMs: number;
}
export const silence: Burst = { text: '', lastAtMs: Number.NEGATIVE_INFINITY };

/** EAN-8 is the shortest code on goods; in-store codes may be shorter, digits typed by hand never this fast. */
const SHORTEST = 6;
const LONGEST_PAUSE_MS = 40;
const LONGEST_CODE = 512;

export type ScanStep =
  | { readonly kind: 'more'; readonly burst: Burst; readonly isFirst: boolean }
  | { readonly kind: 'scan'; readonly burst: Burst; readonly text: string }
  | { readonly kind: 'none'; readonly burst: Burst };

/** @param key as `KeyboardEvent.key` names it; FNC1 arrives from wedges as Ctrl+] and is passed as `\u001d` */
export function readKey(burst: Burst, key: string, atMs: number): ScanStep {
  const continues = atMs - burst.lastAtMs <= LONGEST_PAUSE_MS;
  if (key === 'Enter') {
    const isScan = continues && burst.text.length >= SHORTEST;
    return isScan ? { kind: 'scan', burst: silence, text: burst.text } : { kind: 'none', burst: silence };
  }
  if (key.length !== 1) return { kind: 'none', burst };
  const text = continues ? (burst.text + key).slice(-LONGEST_CODE) : key;
  return { kind: 'more', burst: { text, lastAtMs: atMs }, isFirst: !continues };
}

/** True when a scan means this product: by what the agent made of it, or by its own text. */
export function isScanOf(
  scan: ScanPush,
  product: { readonly sku: string; readonly gtin?: string | undefined },
): boolean {
  if (scan.sku !== undefined) return scan.sku === product.sku;
  return namesGtin(scan.gtin ?? scan.text, product.gtin);
}

/** True when the scanned text names this GTIN: alone in any length, or as AI (01) of an element string. */
export function namesGtin(text: string, gtin: string | undefined): boolean {
  if (!gtin) return false;
  const wanted = gtin.padStart(14, '0');
  const plain = text.replace(/^\][A-Za-z]\d/, '');
  if (/^\d{8,14}$/.test(plain)) return plain.padStart(14, '0') === wanted;
  return plain.startsWith(`01${wanted}`) || plain.startsWith(`(01)${wanted}`);
}
