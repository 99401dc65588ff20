/**
 * The demo's staff: once a manager has approved a transfer, somebody picks, ships and receives it, through the same
 * API the kiosk uses. Approving itself is left to the person at the screen.
 */
import { newId, parserFor, TransferView } from '@truecount/protocol';
import { Type } from 'typebox';

const parseTransfers = parserFor(Type.Array(TransferView));
const CALL_WITHIN_MS = 5_000;
type Step = 'picked' | 'shipped' | 'received';

export interface HandsOptions {
  readonly storeUrl: string;
  /** Units of the product that physically are in the store. */
  readonly physical: (sku: string) => number;
  /** Units that leave (-) or arrive (+) physically. */
  readonly move: (sku: string, units: number) => void;
  /** The demo's own time, ms. */
  readonly now: () => number;
}

/** How long each step takes on the demo's clock. */
const TAKES_MS: Readonly<Record<Step, number>> = {
  picked: 20 * 60_000,
  shipped: 20 * 60_000,
  received: 60 * 60_000,
};

export class Hands {
  readonly #options: HandsOptions;
  /** When a step came up, by transfer and step. */
  readonly #since = new Map<string, number>();

  constructor(options: HandsOptions) {
    this.#options = options;
  }

  /** Looks once; does every step that has been waiting long enough. Errors are the caller's to report. */
  async look(signal: AbortSignal): Promise<void> {
    const { storeUrl, physical, move, now } = this.#options;
    const response = await fetch(`${storeUrl}/api/transfers`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(CALL_WITHIN_MS)]),
    });
    const parsed = parseTransfers(await response.json());
    if (!parsed.ok) throw new Error(`GET /api/transfers: ${parsed.problem}`);
    for (const { transfer, next, side } of parsed.value) {
      const step = next[0];
      if (step !== 'picked' && step !== 'shipped' && step !== 'received') continue;
      const key = `${transfer.id}|${step}`;
      const since = this.#since.get(key) ?? now();
      this.#since.set(key, since);
      if (now() - since < TAKES_MS[step]) continue;
      const agreed = transfer.donor?.decision?.qty ?? transfer.qty;
      const qty =
        step === 'picked'
          ? Math.min(agreed, physical(transfer.sku))
          : (transfer.donor?.shipped?.qty ?? transfer.donor?.picked?.qty ?? agreed);
      const done = await fetch(`${storeUrl}/api/transfers/${encodeURIComponent(transfer.id)}/steps`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: storeUrl },
        body: JSON.stringify({ id: newId(now()), step, qty }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(CALL_WITHIN_MS)]),
      });
      if (!done.ok)
        throw new Error(`${step} of transfer ${transfer.id}: ${done.status} ${await done.text()}`);
      this.#since.delete(key);
      if (step === 'shipped' && side === 'donor') move(transfer.sku, -qty);
      if (step === 'received' && side === 'receiver') move(transfer.sku, qty);
    }
  }
}
