/** Tasks: one thing for one person to do at one place. Made by store or hub, completed by the store. */
import { type Static, Type } from 'typebox';
import { Id, Instant, Money, ShortText, Sku, StoreId, Units } from './schema.ts';

export const taskKinds = ['count', 'restock', 'pick', 'ship', 'receive', 'check-feed'] as const;
export const TaskKind = Type.Enum(taskKinds);
export type TaskKind = (typeof taskKinds)[number];

export const Task = Type.Object({
  id: Id,
  store: StoreId,
  kind: TaskKind,
  sku: Type.Optional(Sku),
  name: Type.Optional(Type.String({ maxLength: 200 })),
  qty: Type.Optional(Units),
  exceptionId: Type.Optional(Id),
  transferId: Type.Optional(Id),
  order: Type.Optional(Id),
  caseId: Type.Optional(Id),
  createdBy: Type.Union([Type.Literal('store'), Type.Literal('hub')]),
  createdAt: Instant,
  dueAt: Instant,
  /** What doing it is believed to be worth. */
  value: Money,
  minutes: Type.Number({ minimum: 0, maximum: 480 }),
  because: ShortText,
  /** Written by the store only. */
  done: Type.Optional(
    Type.Object({ at: Instant, by: Type.String({ maxLength: 80 }), qty: Type.Optional(Units) }),
  ),
  dismissed: Type.Optional(
    Type.Object({ at: Instant, by: Type.String({ maxLength: 80 }), reason: ShortText }),
  ),
  /** Written by the hub only. */
  withdrawn: Type.Optional(Type.Object({ at: Instant, reason: ShortText })),
});
export type Task = Static<typeof Task>;

export const taskIsOpen = (task: Task): boolean => !task.done && !task.dismissed && !task.withdrawn;
