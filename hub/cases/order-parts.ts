/**
 * Orders that change hands: all of one to another store, a part to each of several, one product for another. A document
 * never moves between stores: what another store picks is an order of its own under an id derived from the first.
 */
import type { OrderDocument } from '@truecount/protocol';
import { getDocument, putDocument, updateDocument } from '../intake/index.ts';
import type { UndoPlan } from './actions.ts';
import type { CaseWork } from './case-work.ts';
import { allocate, release } from './escrow.ts';
import { sendMessage } from './outbox.ts';
import type { OptionAction } from './scoring/candidate.ts';

const HOUR_MS = 3_600_000;
const HOLD_AFTER_PROMISE_MS = 12 * HOUR_MS;
/** Hands that one order may pass through; beyond that somebody has to look. */
const MAX_HANDS = 20;

export type Changed =
  | { readonly ok: true; readonly dueAtMs: number; readonly undo: UndoPlan }
  | { readonly ok: false; readonly reason: string };

type Lines = OrderDocument['lines'];
type Held = { readonly ok: true } | { readonly ok: false; readonly reason: string };

export async function reassignOrder(
  work: CaseWork,
  action: Extract<OptionAction, { kind: 'reassign-order' }>,
  alpha: number,
): Promise<Changed> {
  const order = await openOrder(work, action.order);
  if (!order) return { ok: false, reason: 'the order is no longer open' };
  const id = await freeId(work, order.id, action.to);
  const given = { ...order, id, store: action.to };
  const held = await holdLines(work, given, alpha);
  if (!held.ok) return held;
  await endOrder(work, order, 'reassigned');
  await putDocument(work.tx, 'orders', given, { by: 'hub:cases' });
  return {
    ok: true,
    dueAtMs: Date.parse(order.promisedAt),
    undo: { kind: 'reassigned', from: order.id, to: id },
  };
}

export async function splitOrder(
  work: CaseWork,
  action: Extract<OptionAction, { kind: 'split-order' }>,
  alpha: number,
): Promise<Changed> {
  const order = await openOrder(work, action.order);
  const line = order?.lines.find(({ sku }) => sku === action.sku);
  if (!order || !line) return { ok: false, reason: 'the order is no longer open' };
  const parts: OrderDocument[] = [];
  for (const { store, qty } of action.parts) {
    const part = { ...order, id: await freeId(work, order.id, store), store, lines: [{ ...line, qty }] };
    const held = await holdLines(work, part, alpha);
    if (!held.ok) {
      for (const { id } of parts) await release(work.tx, `order:${id}`, ended(work, 'not all parts'));
      return held;
    }
    parts.push(part);
  }
  for (const part of parts) await putDocument(work.tx, 'orders', part, { by: 'hub:cases' });
  await release(work.tx, `order:${order.id}`, ended(work, 'split'), action.sku);
  const kept = { ...line, qty: action.kept };
  const lines = order.lines.flatMap((known) =>
    known.sku === action.sku ? (kept.qty > 0 ? [kept] : []) : [known],
  );
  if (!action.isInHand && kept.qty > 0) await holdLines(work, { ...order, lines: [kept] }, alpha);
  await setLines(work, order.id, lines, action.isInHand && lines.length === 1 && kept.qty > 0);
  return {
    ok: true,
    dueAtMs: Date.parse(order.promisedAt),
    undo: { kind: 'split', order: order.id, lines: order.lines, parts: parts.map(({ id }) => id) },
  };
}

export async function substituteLine(
  work: CaseWork,
  caseId: string,
  action: Extract<OptionAction, { kind: 'substitute' }>,
  alpha: number,
): Promise<Changed> {
  const order = await openOrder(work, action.order);
  if (!order) return { ok: false, reason: 'the order is no longer open' };
  const instead = { sku: action.with, name: action.name, qty: action.qty };
  const held = await holdLines(work, { ...order, lines: [instead] }, alpha);
  if (!held.ok) return held;
  await release(work.tx, `order:${order.id}`, ended(work, 'substituted'), action.sku);
  const lines = order.lines.flatMap((line) => {
    if (line.sku !== action.sku) return [line];
    return line.qty > action.qty ? [{ ...line, qty: line.qty - action.qty }] : [];
  });
  await setLines(work, order.id, [...lines, instead], false);
  await tellService(work, { caseId, order, what: `substitute ${action.sku} by ${action.with}` });
  return {
    ok: true,
    dueAtMs: Date.parse(order.promisedAt),
    undo: { kind: 'substituted', to: order.id, lines: order.lines, with: action.with },
  };
}

export type Restored =
  | { readonly ok: true; readonly how: string }
  | { readonly ok: false; readonly reason: string };

/** Every part goes back to the first store, as an order of its own: the first document's tasks are settled. */
export async function handBack(
  work: CaseWork,
  undo: Extract<UndoPlan, { kind: 'reassigned' | 'split' }>,
  alpha: number,
): Promise<Restored> {
  const [from, parts] = undo.kind === 'split' ? [undo.order, undo.parts] : [undo.from, [undo.to]];
  const given = await Promise.all(parts.map((id) => getDocument(work.tx, 'orders', id)));
  const picked = given.find((part) => part?.document.state === 'picked')?.document;
  if (picked) return { ok: false, reason: `the order was already picked at ${picked.store}` };
  const first = (await getDocument(work.tx, 'orders', from))?.document;
  if (!first) return { ok: false, reason: `order ${from} is not known` };
  for (const part of given) if (part) await endOrder(work, part.document, 'handed back');
  const missing = given.flatMap((part) => [...(part?.document.lines ?? [])]);
  const back: OrderDocument = {
    ...first,
    id: await freeId(work, first.id, first.store),
    lines: merged(missing),
    state: 'open',
  };
  // Held where the belief supports it; where not, the self-check says so in a case of its own.
  await holdLines(work, back, alpha);
  await putDocument(work.tx, 'orders', back, { by: 'hub:undo' });
  return { ok: true, how: 'the order went back to its first store' };
}

export async function putBackLine(
  work: CaseWork,
  caseId: string,
  undo: Extract<UndoPlan, { kind: 'substituted' }>,
  alpha: number,
): Promise<Restored> {
  const order = (await getDocument(work.tx, 'orders', undo.to))?.document;
  if (order?.state !== 'open') return { ok: false, reason: `the order is already ${order?.state ?? 'gone'}` };
  await release(work.tx, `order:${order.id}`, ended(work, 'taken back'));
  await setLines(work, order.id, undo.lines, false);
  await holdLines(work, { ...order, lines: undo.lines }, alpha);
  await tellService(work, { caseId, order, what: `no substitute by ${undo.with}` });
  return { ok: true, how: 'the first product is on the order again' };
}

async function openOrder(work: CaseWork, id: string): Promise<OrderDocument | undefined> {
  const order = (await getDocument(work.tx, 'orders', id))?.document;
  return order?.state === 'open' ? order : undefined;
}

/** An id that no document had before: a settled task of an earlier one would hide the new work. */
async function freeId(work: CaseWork, order: string, store: string): Promise<string> {
  const base = `${order.split('~')[0] ?? order}~${store}`;
  for (let hand = 1; hand <= MAX_HANDS; hand += 1) {
    const id = hand === 1 ? base : `${base}~${hand}`;
    if (!(await getDocument(work.tx, 'orders', id))) return id;
  }
  throw new Error(`order ${order} has passed through ${MAX_HANDS} hands; somebody has to look at it`);
}

/** Holds all lines or none. */
async function holdLines(work: CaseWork, order: OrderDocument, alpha: number): Promise<Held> {
  const expiresAtMs = Math.max(Date.parse(order.promisedAt), work.nowMs) + HOLD_AFTER_PROMISE_MS;
  for (const { sku, qty } of order.lines) {
    if (qty === 0) continue;
    const held = await allocate(
      work.tx,
      { store: order.store, sku, qty, owner: `order:${order.id}`, expiresAtMs },
      { alpha, nowMs: work.nowMs },
    );
    if (held.ok) continue;
    for (const line of order.lines)
      await release(work.tx, `order:${order.id}`, ended(work, 'not all lines'), line.sku);
    return { ok: false, reason: `${order.store} cannot surely give ${qty} of ${sku}` };
  }
  return { ok: true };
}

async function endOrder(work: CaseWork, order: OrderDocument, reason: string): Promise<void> {
  await release(work.tx, `order:${order.id}`, ended(work, reason));
  await updateDocument(work.tx, 'orders', order.id, (known) => ({ ...known, state: 'cancelled' }), {
    by: 'hub:cases',
  });
}

/** An order without lines is over. */
async function setLines(work: CaseWork, id: string, lines: Lines, isPicked: boolean): Promise<void> {
  await updateDocument(
    work.tx,
    'orders',
    id,
    (known) =>
      lines.length === 0
        ? { ...known, state: 'cancelled' as const }
        : { ...known, lines: [...lines], state: isPicked ? ('picked' as const) : known.state },
    { by: 'hub:cases' },
  );
}

async function tellService(
  work: CaseWork,
  told: { readonly caseId: string; readonly order: OrderDocument; readonly what: string },
): Promise<void> {
  const { store, token, id } = told.order;
  await sendMessage(work, {
    port: 'service',
    what: told.what,
    caseId: told.caseId,
    body: { store, token, order: id },
  });
}

const ended = (work: CaseWork, reason: string) => ({ nowMs: work.nowMs, reason });

function merged(lines: Lines): Lines {
  const bySku = new Map<string, Lines[number]>();
  for (const line of lines) bySku.set(line.sku, { ...line, qty: line.qty + (bySku.get(line.sku)?.qty ?? 0) });
  return [...bySku.values()];
}
