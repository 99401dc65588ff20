/**
 * Which of a device's lives the hub accepts. Pure.
 *
 * Every start of a device names the starts before it, back to the last one the hub confirmed (its lineage). A start
 * that does not descend from the accepted one comes from a copied data folder or an old backup; taking both would
 * fork the store's history, so the hub refuses it and says what to do. A higher epoch is a declared new life (a
 * restored backup) and takes over.
 */
import type { Lineage } from '@truecount/protocol';

export interface AcceptedLife {
  readonly epoch: number;
  readonly start: string;
}

export type Admission =
  | { readonly kind: 'accepted' }
  /** `text` is shown on the device's screen. */
  | { readonly kind: 'fenced'; readonly text: string };

export function admit(accepted: AcceptedLife | undefined, asking: Lineage): Admission {
  if (accepted === undefined || asking.epoch > accepted.epoch) return { kind: 'accepted' };
  if (asking.epoch < accepted.epoch)
    return {
      kind: 'fenced',
      text:
        'This device was restored from a backup elsewhere, and that restored copy has taken its place. ' +
        'Nothing from here reaches the hub any more. Stop this device, or restore it again from a newer backup.',
    };
  if (asking.start === accepted.start || asking.lineage.includes(accepted.start)) return { kind: 'accepted' };
  return {
    kind: 'fenced',
    text:
      "A copy of this device's data folder is running elsewhere and has taken its place. Nothing from here reaches " +
      'the hub any more. Stop one of the two; to keep this one, restore it from its own backup as a new epoch.',
  };
}
