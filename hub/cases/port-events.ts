/**
 * What other systems tell the hub, whatever they are: returns by step, quantities published in a channel, and the
 * expected arrival of inbound goods. Each event is noted once; what follows from it is looked at afterwards.
 */
import {
  Id,
  instant,
  Instant,
  newId,
  OrderRequest,
  parserFor,
  Sku,
  StoreId,
  Units,
} from '@truecount/protocol';
import { type Static, Type } from 'typebox';
import type { Migration } from '../database/index.ts';
import { updateDocument } from '../intake/index.ts';
import type { CaseWork } from './case-work.ts';
import { release } from './escrow.ts';

export const returnFacts = ['received', 'restocked', 'refunded', 'posted'] as const;

export const ReturnEvent = Type.Object({
  type: Type.Literal('return'),
  /** The return's own id, the same in every channel. */
  id: Id,
  store: StoreId,
  sku: Sku,
  qty: Units,
  /** Paid back or to be paid back, minor units. */
  minor: Type.Integer({ minimum: 0 }),
  fact: Type.Enum(returnFacts),
  at: Instant,
});
export type ReturnEvent = Static<typeof ReturnEvent>;

const PublishedEvent = Type.Object({
  type: Type.Literal('published'),
  store: StoreId,
  sku: Sku,
  channel: Type.String({ minLength: 1, maxLength: 40 }),
  qty: Units,
  at: Instant,
});

const InboundEvent = Type.Object({
  type: Type.Literal('inbound'),
  id: Id,
  store: StoreId,
  sku: Sku,
  qty: Units,
  /** When it was promised first, and when it is expected now. */
  plannedAt: Instant,
  expectedAt: Instant,
  arrived: Type.Optional(Type.Boolean()),
  at: Instant,
});

const PromotionEvent = Type.Object({
  type: Type.Literal('promotion'),
  id: Id,
  store: StoreId,
  sku: Sku,
  /** The promotion's price, minor units. */
  minor: Type.Integer({ minimum: 0 }),
  startsAt: Instant,
  endsAt: Instant,
  /** Sales with the promotion as a multiple of usual sales. */
  uplift: Type.Number({ minimum: 0.1, maximum: 100 }),
  at: Instant,
});

const OrderEvent = Type.Object({ type: Type.Literal('order'), order: OrderRequest, at: Instant });

/** The order system's own word that an order is over. */
const OrderEndEvent = Type.Object({ type: Type.Literal('order-cancelled'), id: Id, at: Instant });

/** Units that another system promised for an order, as it keeps them. */
const ReservationEvent = Type.Object({
  type: Type.Literal('reservation'),
  order: Id,
  store: StoreId,
  sku: Sku,
  qty: Type.Integer({ minimum: 0, maximum: 100_000 }),
  expiresAt: Instant,
  at: Instant,
});

export const PortEvent = Type.Union([
  ReturnEvent,
  PublishedEvent,
  InboundEvent,
  PromotionEvent,
  OrderEvent,
  OrderEndEvent,
  ReservationEvent,
]);
export type PortEvent = Static<typeof PortEvent>;
export const parsePortEvent = parserFor(PortEvent);

export const portMigrations: readonly Migration[] = [
  {
    id: 'cases/005-port-events',
    sql: `
      CREATE TABLE returns (
        id text PRIMARY KEY,
        store text NOT NULL,
        sku text NOT NULL,
        qty integer NOT NULL,
        minor bigint NOT NULL,
        first_at text NOT NULL,
        received_at text,
        restocked_at text,
        refunded_at text,
        posted_at text
      );
      CREATE INDEX returns_unfinished ON returns (first_at)
        WHERE received_at IS NULL OR restocked_at IS NULL OR refunded_at IS NULL OR posted_at IS NULL;
      CREATE TABLE published_stock (
        store text NOT NULL,
        sku text NOT NULL,
        channel text NOT NULL,
        qty integer NOT NULL,
        at text NOT NULL,
        PRIMARY KEY (store, sku, channel)
      );
      CREATE TABLE inbound_goods (
        id text PRIMARY KEY,
        store text NOT NULL,
        sku text NOT NULL,
        qty integer NOT NULL,
        planned_at text NOT NULL,
        expected_at text NOT NULL,
        has_arrived boolean NOT NULL,
        at text NOT NULL
      );
      CREATE TABLE inbound_files (
        file text PRIMARY KEY,
        bytes_read bigint NOT NULL
      );`,
  },
];

export const promotionMigrations: readonly Migration[] = [
  {
    id: 'cases/007-promotions',
    sql: `
      CREATE TABLE promotions (
        id text NOT NULL,
        store text NOT NULL,
        sku text NOT NULL,
        minor bigint NOT NULL,
        starts_at text NOT NULL,
        ends_at text NOT NULL,
        uplift double precision NOT NULL,
        at text NOT NULL,
        PRIMARY KEY (id, store, sku)
      );
      CREATE INDEX promotions_by_sku ON promotions (sku, ends_at);`,
  },
];

export interface EventContext {
  readonly placeOrder: (work: CaseWork, request: OrderRequest) => Promise<unknown>;
}

/** Noting the same event again, or an older one after a newer one, changes nothing. */
export async function noteEvent(work: CaseWork, event: PortEvent, context: EventContext): Promise<void> {
  const { tx } = work;
  switch (event.type) {
    case 'return':
      await tx.query(
        `INSERT INTO returns (id, store, sku, qty, minor, first_at, ${event.fact}_at) VALUES ($1, $2, $3, $4, $5, $6, $6)
         ON CONFLICT (id) DO UPDATE SET first_at = least(returns.first_at, EXCLUDED.first_at),
           ${event.fact}_at = least(returns.${event.fact}_at, EXCLUDED.${event.fact}_at)`,
        [event.id, event.store, event.sku, event.qty, event.minor, event.at],
      );
      return;
    case 'published':
      await tx.query(
        `INSERT INTO published_stock (store, sku, channel, qty, at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (store, sku, channel) DO UPDATE SET qty = EXCLUDED.qty, at = EXCLUDED.at
           WHERE published_stock.at <= EXCLUDED.at`,
        [event.store, event.sku, event.channel, event.qty, event.at],
      );
      return;
    case 'inbound':
      await tx.query(
        `INSERT INTO inbound_goods (id, store, sku, qty, planned_at, expected_at, has_arrived, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (id) DO UPDATE SET expected_at = EXCLUDED.expected_at,
           has_arrived = inbound_goods.has_arrived OR EXCLUDED.has_arrived, at = EXCLUDED.at
           WHERE inbound_goods.at <= EXCLUDED.at`,
        [
          event.id,
          event.store,
          event.sku,
          event.qty,
          event.plannedAt,
          event.expectedAt,
          event.arrived ?? false,
          event.at,
        ],
      );
      return;
    case 'promotion':
      await tx.query(
        `INSERT INTO promotions (id, store, sku, minor, starts_at, ends_at, uplift, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (id, store, sku) DO UPDATE SET minor = EXCLUDED.minor, starts_at = EXCLUDED.starts_at,
           ends_at = EXCLUDED.ends_at, uplift = EXCLUDED.uplift, at = EXCLUDED.at WHERE promotions.at <= EXCLUDED.at`,
        [event.id, event.store, event.sku, event.minor, event.startsAt, event.endsAt, event.uplift, event.at],
      );
      return;
    case 'order':
      await context.placeOrder(work, event.order);
      return;
    case 'order-cancelled':
      await updateDocument(
        tx,
        'orders',
        event.id,
        (order) => (order.state === 'open' ? { ...order, state: 'cancelled' } : undefined),
        { by: 'hub:ports' },
      );
      await release(tx, `order:${event.id}`, { nowMs: work.nowMs, reason: 'cancelled' });
      return;
    case 'reservation':
      return noteReservation(work, event);
  }
  event satisfies never;
}

/** Their promise counts here as it is, whatever we believe: where it cannot be kept, the self-check says so. */
async function noteReservation(
  work: CaseWork,
  event: Extract<PortEvent, { type: 'reservation' }>,
): Promise<void> {
  const owner = `order:${event.order}`;
  await release(work.tx, owner, { nowMs: work.nowMs, reason: 'told anew' }, event.sku);
  if (event.qty === 0) return;
  await work.tx.query(
    'INSERT INTO reservations (id, store, sku, qty, owner, made_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [newId(work.nowMs), event.store, event.sku, event.qty, owner, instant(work.nowMs), event.expiresAt],
  );
}
