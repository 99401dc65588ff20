/** Every replicated collection: its schema, its direction, its urgency and who may write which field. */
import { type Static, type TObject, Type } from 'typebox';
import { Exception } from './exception.ts';
import { LearningDocument } from './learning.ts';
import { Lease } from './lease.ts';
import { PolicyDocument } from './policy.ts';
import { Id, Instant, Money, Probability, Sku, StoreId, Units } from './schema.ts';
import { StaffGrant } from './staff.ts';
import { Task } from './task.ts';
import { Transfer } from './transfer.ts';

/** The store's belief about one SKU, sent when it changed enough to matter. `id` is `<store>|<sku>`. */
export const PositionDocument = Type.Object({
  id: Id,
  store: StoreId,
  sku: Sku,
  name: Type.String({ maxLength: 200 }),
  asOf: Instant,
  record: Type.Number(),
  confidence: Probability,
  p0: Probability,
  mean: Type.Number({ minimum: 0 }),
  p05: Units,
  p95: Units,
  /** Believed demand per trading day. */
  rate: Type.Number({ minimum: 0 }),
  /** P(on-hand = n) for n = 0.., tail trimmed at 1e-6. */
  pmf: Type.Array(Probability, { maxItems: 2048 }),
  price: Money,
  cost: Money,
});
export type PositionDocument = Static<typeof PositionDocument>;

/** An order to pick here. No customer name: an opaque token and a service class. */
export const OrderDocument = Type.Object({
  id: Id,
  store: StoreId,
  token: Type.String({ maxLength: 80 }),
  serviceClass: Type.String({ maxLength: 40 }),
  promisedAt: Instant,
  lines: Type.Array(Type.Object({ sku: Sku, name: Type.String({ maxLength: 200 }), qty: Units }), {
    maxItems: 200,
  }),
  state: Type.Union([Type.Literal('open'), Type.Literal('picked'), Type.Literal('cancelled')]),
});
export type OrderDocument = Static<typeof OrderDocument>;

export type Side = 'store' | 'hub';
export type FieldOwner = Side | 'donor' | 'receiver';

export interface CollectionContract {
  readonly schema: TObject;
  readonly direction: 'both' | 'store-to-hub' | 'hub-to-store';
  /** Lower drains first after an outage. */
  readonly priority: number;
  /** Writer of every field that is not listed in `fields`; `creator` means fixed when the document is made. */
  readonly defaultOwner: Side | 'creator';
  readonly fields: Readonly<Record<string, FieldOwner>>;
}

export const collections = {
  exceptions: {
    schema: Exception,
    direction: 'both',
    priority: 0,
    defaultOwner: 'store',
    fields: { caseId: 'hub', decision: 'hub' },
  },
  transfers: {
    schema: Transfer,
    direction: 'both',
    priority: 0,
    defaultOwner: 'hub',
    fields: { donor: 'donor', receiver: 'receiver', hub: 'hub' },
  },
  tasks: {
    schema: Task,
    direction: 'both',
    priority: 1,
    defaultOwner: 'creator',
    fields: { done: 'store', dismissed: 'store', withdrawn: 'hub' },
  },
  orders: {
    schema: OrderDocument,
    direction: 'hub-to-store',
    priority: 1,
    defaultOwner: 'hub',
    fields: {},
  },
  leases: {
    schema: Lease,
    direction: 'both',
    priority: 1,
    defaultOwner: 'hub',
    fields: { promises: 'store', returnedAt: 'store' },
  },
  policies: {
    schema: PolicyDocument,
    direction: 'hub-to-store',
    priority: 1,
    defaultOwner: 'hub',
    fields: {},
  },
  staff: {
    schema: StaffGrant,
    direction: 'hub-to-store',
    priority: 1,
    defaultOwner: 'hub',
    fields: {},
  },
  learning: {
    schema: LearningDocument,
    direction: 'both',
    priority: 2,
    defaultOwner: 'store',
    fields: { pooled: 'hub' },
  },
  positions: {
    schema: PositionDocument,
    direction: 'store-to-hub',
    priority: 2,
    defaultOwner: 'store',
    fields: {},
  },
} as const satisfies Record<string, CollectionContract>;

export type CollectionName = keyof typeof collections;
export const collectionNames = Object.keys(collections) as readonly CollectionName[];
export type DocumentOf<C extends CollectionName> = Static<(typeof collections)[C]['schema']>;
