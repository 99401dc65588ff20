/**
 * Which tasks follow from exceptions, transfers and orders, and which open ones are settled without anybody
 * doing them. Pure. A task's id follows from what it is for, so the same cause never makes two.
 */
import {
  type Exception,
  type FirstAnswer,
  instant,
  type Money,
  type OrderDocument,
  type PolicyBundle,
  type Task,
  taskIsOpen,
  type TaskKind,
  taxonomy,
  type Transfer,
  transferStage,
} from '@truecount/protocol';
import { sideOf } from './transfer-answers.ts';

export interface TaskContext {
  readonly store: string;
  readonly nowMs: number;
  readonly bundle: PolicyBundle;
}

/** First answers that one person in the store can give; the others are the hub's or the manager's. */
const TASK_FOR_ANSWER: { readonly [A in FirstAnswer]?: TaskKind } = {
  count: 'count',
  restock: 'restock',
  'check-feed': 'check-feed',
};
const MINUTES: { readonly [K in Exclude<TaskKind, 'count'>]: number } = {
  restock: 5,
  pick: 3,
  ship: 6,
  receive: 4,
  'check-feed': 10,
};
const SHIP_WITHIN_MS = 4 * 3_600_000;
const RECEIVE_WITHIN_MS = 48 * 3_600_000;
const MAX_TEXT = 500;

export function taskForException(exception: Exception, context: TaskContext): Task | undefined {
  const kind = TASK_FOR_ANSWER[taxonomy[exception.kind].firstAnswer];
  if (kind === undefined || exception.state !== 'open') return undefined;
  const { sku, name } = exception;
  return {
    id: `${kind}-${exception.id}`,
    store: context.store,
    kind,
    ...(sku === undefined ? {} : { sku }),
    ...(name === undefined ? {} : { name }),
    exceptionId: exception.id,
    createdBy: 'store',
    createdAt: exception.detectedAt,
    dueAt: exception.dueAt,
    value: exception.exposure,
    minutes: kind === 'count' ? context.bundle.labour.minutesPerCount : MINUTES[kind],
    because: exception.evidence
      .map((fact) => fact.text)
      .join(', ')
      .slice(0, MAX_TEXT),
  };
}

/** The donor's task to pick and ship, the receiver's to receive. */
export function taskForTransfer(transfer: Transfer, context: TaskContext): Task | undefined {
  const stage = transferStage(transfer);
  const side = sideOf(transfer, context.store);
  const toShip = side === 'donor' && (stage === 'approved' || stage === 'picked');
  const toReceive = side === 'receiver' && stage === 'shipped';
  if (!toShip && !toReceive) return undefined;
  const kind = toShip ? 'ship' : 'receive';
  const since = toShip ? transfer.donor?.decision?.at : transfer.donor?.shipped?.at;
  const sinceMs = since === undefined ? context.nowMs : Date.parse(since);
  const qty = toShip ? transfer.donor?.decision?.qty : transfer.donor?.shipped?.qty;
  return {
    id: `${kind}-${transfer.id}`,
    store: context.store,
    kind,
    sku: transfer.sku,
    name: transfer.name,
    qty: qty ?? transfer.qty,
    transferId: transfer.id,
    createdBy: 'store',
    createdAt: instant(sinceMs),
    dueAt: instant(sinceMs + (toShip ? SHIP_WITHIN_MS : RECEIVE_WITHIN_MS)),
    value: transfer.value,
    minutes: MINUTES[kind],
    because: toShip
      ? `${transfer.toName} needs it: ${transfer.because}`.slice(0, MAX_TEXT)
      : `sent by ${transfer.fromName}`,
  };
}

/** One pick per line of an open order; `priceOf` values a line. */
export function tasksForOrder(
  order: OrderDocument,
  context: TaskContext & { readonly priceOf: (sku: string) => Money },
): readonly Task[] {
  if (order.state !== 'open') return [];
  return order.lines.map((line) => {
    const price = context.priceOf(line.sku);
    return {
      id: `pick-${order.id}-${line.sku}`,
      store: context.store,
      kind: 'pick' as const,
      sku: line.sku,
      name: line.name,
      qty: line.qty,
      order: order.id,
      createdBy: 'store' as const,
      createdAt: instant(context.nowMs),
      dueAt: order.promisedAt,
      value: { minor: price.minor * line.qty, currency: price.currency },
      minutes: MINUTES.pick,
      because: `order ${order.token}, promised for ${order.promisedAt}`,
    };
  });
}

export interface SettledBy {
  readonly exception: (id: string) => Exception | undefined;
  readonly transfer: (id: string) => Transfer | undefined;
  readonly order: (id: string) => OrderDocument | undefined;
}

/** Why an open task needs nobody any more; undefined while it does. */
export function settledReason(task: Task, known: SettledBy): string | undefined {
  if (!taskIsOpen(task)) return undefined;
  if (task.exceptionId !== undefined) {
    const exception = known.exception(task.exceptionId);
    if (exception?.state === 'closed')
      return `settled: ${exception.outcome?.text ?? 'the exception is closed'}`;
  }
  if (task.transferId !== undefined) {
    const transfer = known.transfer(task.transferId);
    const stage = transfer && transferStage(transfer);
    const moving = task.kind === 'ship' ? stage === 'approved' || stage === 'picked' : stage === 'shipped';
    if (stage !== undefined && !moving) return `the transfer is ${stage}`;
  }
  if (task.order !== undefined && task.kind === 'pick') {
    const order = known.order(task.order);
    if (order !== undefined && order.state !== 'open') return `the order is ${order.state}`;
  }
  return undefined;
}
