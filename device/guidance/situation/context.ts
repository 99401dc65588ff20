/**
 * What `truecount guide` and the Ask panel are given: an exception or a question, or both, with whatever is known
 * around it. Every field is optional; unknown ones are searched for facts by their names (see slots.ts), so a
 * context may be laid out in other ways than this.
 */
import { parserFor } from '@truecount/protocol';
import { type Static, Type } from 'typebox';

const text = (maxLength: number) => Type.String({ maxLength });
const MAX_CONTEXT_CHARACTERS = 256 * 1024;

const InlineProcedure = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 60 }),
  title: Type.Optional(text(200)),
  version: Type.Optional(Type.Union([Type.Integer(), text(40)])),
  roles: Type.Optional(Type.Array(text(40), { maxItems: 40 })),
  kinds: Type.Optional(Type.Array(text(60), { maxItems: 40 })),
  /** Markdown as in device/guidance/procedures, or plain paragraphs. */
  text: Type.Optional(text(20_000)),
  steps: Type.Optional(
    Type.Array(Type.Union([text(2000), Type.Object({ text: text(2000) })]), { maxItems: 100 }),
  ),
});
export type InlineProcedure = Static<typeof InlineProcedure>;

const OptionGiven = Type.Union([
  text(500),
  Type.Object({
    option: Type.Optional(text(500)),
    kind: Type.Optional(text(60)),
    name: Type.Optional(text(500)),
  }),
]);

export const GuideContext = Type.Object({
  /** What is asked; without it: what to do about the exception. */
  question: Type.Optional(text(2000)),
  /** Who asks: associate, manager, ops, admin, auditor or an owner of exceptions; without it: its owner. */
  role: Type.Optional(text(60)),
  /** An exception as in `protocol/exception.ts`, whole or in part. */
  exception: Type.Optional(
    Type.Object({
      kind: Type.Optional(text(60)),
      evidence: Type.Optional(Type.Array(Type.Unknown(), { maxItems: 100 })),
    }),
  ),
  kind: Type.Optional(text(60)),
  /** What policy and scoring leave open; when given, steps that carry out another option are not advised. */
  options: Type.Optional(Type.Array(OptionGiven, { maxItems: 100 })),
  /** Whether there is a route to the hub. */
  online: Type.Optional(Type.Boolean()),
  /** The instant to which `dueAt` is compared. */
  now: Type.Optional(text(40)),
  /** These are added to the store's; the same id replaces. */
  procedures: Type.Optional(Type.Array(InlineProcedure, { maxItems: 200 })),
});
export type GuideContext = Static<typeof GuideContext>;

export const parseGuideContext = parserFor(GuideContext);

export class GuideContextError extends Error {
  readonly code = 'E_CONTEXT';
}

/** @throws GuideContextError that names the field */
export function readGuideContext(json: string): GuideContext {
  if (json.length > MAX_CONTEXT_CHARACTERS)
    throw new GuideContextError(
      `the context is larger than ${MAX_CONTEXT_CHARACTERS} characters; leave history out`,
    );
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new GuideContextError(
      `the context is no JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const parsed = parseGuideContext(value);
  if (!parsed.ok) throw new GuideContextError(`the context: ${parsed.problem}`);
  return parsed.value;
}
