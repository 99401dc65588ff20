/** What the agent and its model process say to each other over Node's IPC channel. */
import { parserFor } from '@truecount/protocol';
import { type Static, Type } from 'typebox';

export const ModelRequest = Type.Union([
  Type.Object({
    type: Type.Literal('load'),
    file: Type.String(),
    /** Absent: chosen from the machine. */
    contextTokens: Type.Optional(Type.Integer({ minimum: 256 })),
    threads: Type.Optional(Type.Integer({ minimum: 1 })),
    maxMemoryMb: Type.Integer({ minimum: 64 }),
  }),
  Type.Object({
    type: Type.Literal('generate'),
    id: Type.String(),
    system: Type.String(),
    prompt: Type.String(),
    grammar: Type.String(),
    maxTokens: Type.Integer({ minimum: 1 }),
  }),
  Type.Object({ type: Type.Literal('cancel'), id: Type.String() }),
]);
export type ModelRequest = Static<typeof ModelRequest>;

export const ModelCard = Type.Object({
  /** What to call it on a screen. */
  name: Type.String(),
  /** SHA-256 of the file, hex. */
  hash: Type.String(),
  /** `compact-1` for models trained here; absent for others, which get the prompt in plain words. */
  prompt: Type.Optional(Type.String()),
  /** Step codes it was trained on; absent: it reads the steps' texts. */
  actions: Type.Optional(Type.Array(Type.String())),
  /** Words in which it was asked what it can answer; absent: it knows the language. */
  words: Type.Optional(Type.Array(Type.String())),
  contextTokens: Type.Integer(),
  threads: Type.Integer(),
});
export type ModelCard = Static<typeof ModelCard>;

export const ModelReply = Type.Union([
  Type.Object({ type: Type.Literal('loaded'), card: ModelCard }),
  Type.Object({ type: Type.Literal('refused'), problem: Type.String() }),
  Type.Object({ type: Type.Literal('chunk'), id: Type.String(), text: Type.String() }),
  Type.Object({ type: Type.Literal('done'), id: Type.String(), text: Type.String() }),
  Type.Object({ type: Type.Literal('failed'), id: Type.String(), problem: Type.String() }),
]);
export type ModelReply = Static<typeof ModelReply>;

export const parseModelRequest = parserFor(ModelRequest);
export const parseModelReply = parserFor(ModelReply);
