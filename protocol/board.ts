/** The manager's board: what is open in this store by kind and age, and what today has done about it. */
import { type Static, Type } from 'typebox';
import { ExceptionKind } from './exception.ts';
import { Instant, Money, StoreId, Units } from './schema.ts';

/** How long an exception has been open: since today, within the last seven days, longer. */
export const boardAges = ['today', 'week', 'older'] as const;
export type BoardAge = (typeof boardAges)[number];

export const BoardKind = Type.Object({
  kind: ExceptionKind,
  open: Type.Object({ today: Units, week: Units, older: Units }),
  oldest: Instant,
  /** Money at stake if nobody acts, of all of them. */
  exposure: Money,
});
export type BoardKind = Static<typeof BoardKind>;

export const BoardView = Type.Object({
  store: Type.Object({ id: StoreId, name: Type.String() }),
  now: Instant,
  /** Most money at stake first. */
  kinds: Type.Array(BoardKind),
  /** Since midnight at the store. */
  today: Type.Object({
    found: Units,
    settled: Units,
    /** Tasks that were done, what doing them is believed to be worth, and the minutes they were expected to take. */
    done: Units,
    worth: Money,
    minutes: Type.Number({ minimum: 0 }),
    dismissed: Units,
  }),
});
export type BoardView = Static<typeof BoardView>;
