/**
 * Guidance as screens and integrators see it.
 *
 * POST /api/guidance               GuidanceQuestion -> newline-separated GuidanceEvent, the last one `advice`
 * POST /api/guidance/:id/verdict   GuidanceVerdict  -> 204
 */
import { type Static, Type } from 'typebox';
import { Id, Sku } from './schema.ts';

export const AdviceStep = Type.Object({
  id: Type.String({ description: '<procedure>/<topic>/<code>' }),
  text: Type.String(),
  source: Type.String({ description: 'id of the procedure it comes from' }),
});
export type AdviceStep = Static<typeof AdviceStep>;

export const AdviceSource = Type.Object({
  id: Type.String(),
  title: Type.String(),
  version: Type.Integer(),
  heading: Type.String(),
  /** The section as this reader may see it, its lead sentence first. */
  paragraphs: Type.Array(Type.String()),
});
export type AdviceSource = Static<typeof AdviceSource>;

export const Advice = Type.Object({
  answer: Type.String(),
  steps: Type.Array(AdviceStep),
  /** True: the procedures that this reader may see do not answer the question. */
  abstained: Type.Boolean(),
  /** The model that chose and wrote; null: the procedure's own words. */
  model: Type.Union([Type.String(), Type.Null()]),
  /** Milliseconds from question to answer. */
  ms: Type.Number(),
  /** What the question was taken to be about; `none` when abstained. */
  topic: Type.String(),
  sources: Type.Array(AdviceSource),
});
export type Advice = Static<typeof Advice>;

/** `id` is made by the screen and names the question in its verdict. */
export const GuidanceQuestion = Type.Object({
  id: Id,
  question: Type.String({ maxLength: 2000 }),
  /** The card it is asked on. */
  exceptionId: Type.Optional(Id),
  sku: Type.Optional(Sku),
});
export type GuidanceQuestion = Static<typeof GuidanceQuestion>;

/** While an answer is made: its steps as soon as they are known, then sentence by sentence; `advice` is the whole. */
export const GuidanceEvent = Type.Union([
  Type.Object({
    type: Type.Literal('steps'),
    steps: Type.Array(AdviceStep),
    sources: Type.Array(AdviceSource),
  }),
  Type.Object({ type: Type.Literal('say'), text: Type.String() }),
  Type.Object({ type: Type.Literal('advice'), advice: Advice }),
]);
export type GuidanceEvent = Static<typeof GuidanceEvent>;

export const GuidanceVerdict = Type.Object({ right: Type.Boolean() });
export type GuidanceVerdict = Static<typeof GuidanceVerdict>;
