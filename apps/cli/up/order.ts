/** A customer's order at the store whose shelf is secretly empty, placed through the hub's API as a web shop would. */
import { setTimeout as sleep } from 'node:timers/promises';
import { instant } from '@truecount/protocol';

const AFTER_MS = 20_000;
const PROMISED_IN_MS = 8 * 3_600_000;
const CALL_WITHIN_MS = 10_000;
const TRIES = 100;
const AGAIN_AFTER_MS = 3_000;

export interface PlaceOrder {
  readonly hubUrl: string;
  readonly key: string;
  /** The demo's own time. */
  readonly time: { now(): number };
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** The same id at every start, so that a second start orders nothing twice. */
const ORDER = { id: 'demo-order-1', store: 'harbour', token: 'C-1042', lines: [{ sku: 'eggs-10', qty: 2 }] };

/** Keeps trying while the hub is away; the order's id makes a repeated request count once. */
export async function placeOrder(options: PlaceOrder): Promise<void> {
  const { say, signal } = options;
  await sleep(AFTER_MS, undefined, { signal }).catch(() => undefined);
  for (let turn = 0; turn < TRIES && !signal.aborted; turn++) {
    const status = await post(options).catch(() => undefined);
    if (status !== undefined) {
      say(
        status < 300
          ? 'Web shop: order C-1042, 2 x Eggs, 10 pieces, to collect at Harbour'
          : `Web shop: order refused by the hub (${status})`,
      );
      return;
    }
    await sleep(AGAIN_AFTER_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function post({ hubUrl, key, time, signal }: PlaceOrder): Promise<number> {
  const response = await fetch(`${hubUrl}/api/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({
      ...ORDER,
      serviceClass: 'click-and-collect',
      promisedAt: instant(time.now() + PROMISED_IN_MS),
    }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(CALL_WITHIN_MS)]),
  });
  return response.status;
}
