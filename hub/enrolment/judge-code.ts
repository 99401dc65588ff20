/** What becomes of one try to redeem a code. Pure. */

export interface KnownCode {
  readonly isRight: boolean;
  readonly isWithdrawn: boolean;
  readonly wrongTries: number;
  readonly expiresAtMs: number;
  readonly redeemed?: { readonly atMs: number; readonly publicKey: string };
}

export type CodeVerdict =
  | { readonly kind: 'first' }
  /** The answer was given before, to this very key. */
  | { readonly kind: 'again' }
  /** `counts`: one of the tries that a code allows is used up. */
  | { readonly kind: 'refused'; readonly why: CodeRefusal; readonly counts: boolean };

export type CodeRefusal = 'unknown' | 'expired' | 'spent' | 'used';

export const MAX_WRONG_TRIES = 5;
/** A device that lost its answer may ask again for this long, also when the code has expired meanwhile. */
export const ANSWER_AGAIN_MS = 24 * 3_600_000;

export function judgeCode(code: KnownCode | undefined, publicKey: string, nowMs: number): CodeVerdict {
  if (code === undefined || code.isWithdrawn) return refused('unknown');
  if (code.wrongTries >= MAX_WRONG_TRIES) return refused('spent');
  if (!code.isRight) return refused('unknown', true);
  if (code.redeemed) {
    if (code.redeemed.publicKey !== publicKey) return refused('used');
    return nowMs - code.redeemed.atMs <= ANSWER_AGAIN_MS ? { kind: 'again' } : refused('expired');
  }
  return nowMs < code.expiresAtMs ? { kind: 'first' } : refused('expired');
}

const refused = (why: CodeRefusal, counts = false): CodeVerdict => ({ kind: 'refused', why, counts });

/** For whoever stands at the device. A wrong code and one that never was look the same. */
export const refusalText: Readonly<Record<CodeRefusal, string>> = {
  unknown: 'The hub does not know this code. Check the letters, or ask for a new one.',
  expired: 'This code has expired. Ask for a new one.',
  spent: 'This code was mistyped too often and is closed. Ask for a new one.',
  used: 'This code was used by another device. Ask for a new one, and tell whoever made it.',
};
