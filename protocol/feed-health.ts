/** How a feed is doing, in the words every screen, log and the hub's console use. */
import { type Static, Type } from 'typebox';
import { Instant } from './schema.ts';

export const FeedHealth = Type.Object({
  name: Type.String({ maxLength: 80 }),
  kind: Type.String({ maxLength: 40 }),
  state: Type.Union([
    Type.Literal('up'),
    Type.Literal('down'),
    Type.Literal('silent'),
    Type.Literal('garbled'),
  ]),
  since: Instant,
  lastByteAt: Type.Optional(Instant),
  bytes: Type.Integer({ minimum: 0 }),
  observations: Type.Integer({ minimum: 0 }),
  errors: Type.Record(Type.String(), Type.Integer({ minimum: 0 })),
  message: Type.Optional(Type.String({ maxLength: 500 })),
});
export type FeedHealth = Static<typeof FeedHealth>;
