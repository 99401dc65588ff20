/** An order comes in: the store gets it, its units are held, and what the belief does not support becomes a case. */
import {
  type Exception,
  instant,
  type OrderDocument,
  type OrderRequest,
  type PolicyBundle,
  taxonomy,
} from '@truecount/protocol';
import { getDocument, getDocuments, putDocument } from '../intake/index.ts';
import type { CaseWork } from './case-work.ts';
import { allocate } from './escrow.ts';

const HOUR_MS = 3_600_000;
/** Units stay held this long after the promise, for a pick that is late. */
const HOLD_AFTER_PROMISE_MS = 12 * HOUR_MS;

interface OrderContext {
  readonly policy: { readonly bundle: PolicyBundle; readonly hash: string };
  readonly raise: (work: CaseWork, exception: Exception) => Promise<void>;
}

/** Placing the same order again changes nothing and answers with the order as it is. */
export async function placeOrder(
  work: CaseWork,
  request: OrderRequest,
  context: OrderContext,
): Promise<OrderDocument> {
  const known = await getDocument(work.tx, 'orders', request.id);
  if (known) return known.document;
  const positions = await getDocuments(
    work.tx,
    'positions',
    request.lines.map(({ sku }) => `${request.store}|${sku}`),
  );
  const position = (sku: string) => positions.find(({ document }) => document.sku === sku)?.document;
  const order: OrderDocument = {
    id: request.id,
    store: request.store,
    token: request.token,
    serviceClass: request.serviceClass,
    promisedAt: request.promisedAt,
    lines: request.lines.map(({ sku, qty }) => ({ sku, qty, name: position(sku)?.name ?? sku })),
    state: 'open',
  };
  for (const line of order.lines) {
    const held = await allocate(
      work.tx,
      {
        store: order.store,
        sku: line.sku,
        qty: line.qty,
        owner: `order:${order.id}`,
        expiresAtMs: Date.parse(order.promisedAt) + HOLD_AFTER_PROMISE_MS,
      },
      { alpha: context.policy.bundle.planner.alpha, nowMs: work.nowMs },
    );
    if (held.ok) continue;
    const at = instant(work.nowMs);
    const free = Math.max(0, held.supported - held.promised);
    await context.raise(work, {
      id: `${order.id}|${line.sku}|at-risk`,
      kind: 'order-at-risk',
      store: order.store,
      sku: line.sku,
      name: line.name,
      order: order.id,
      detectedAt: at,
      dueAt: instant(work.nowMs + taxonomy['order-at-risk'].dueHours * HOUR_MS),
      updatedAt: at,
      confidence: 1 - (position(line.sku)?.confidence ?? 0),
      exposure: {
        minor: Math.max(0, line.qty - free) * (position(line.sku)?.price.minor ?? 0),
        currency: context.policy.bundle.currency,
      },
      evidence: [
        {
          code: 'order-unsupported',
          params: { wanted: line.qty, free },
          at,
          text: `${line.qty} wanted, ${free} can surely be promised`,
        },
      ],
      owner: taxonomy['order-at-risk'].owner,
      state: 'open',
      policyVersion: context.policy.hash,
      modelVersion: 'hub',
    });
  }
  await putDocument(work.tx, 'orders', order, { by: 'hub:orders' });
  work.audit({
    actor: 'orders',
    action: 'order.placed',
    subject: `order:${order.id}`,
    text: `Order with ${order.lines.length} lines for ${order.store}, promised ${order.promisedAt}`,
  });
  work.tell({
    event: 'order-placed',
    order: order.id,
    store: order.store,
    text: `order for ${order.store}: ${order.lines.map(({ qty, name }) => `${qty} x ${name}`).join(', ')}`,
  });
  return order;
}
