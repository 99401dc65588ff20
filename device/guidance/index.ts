/** Guidance: what a card or a question asks for, from the store's own procedures. Nothing here acts or invents. */
export { candidatesOf } from './advice/candidates.ts';
export { loadProcedures, shippedProcedures } from './library/library.ts';
export { cardTopics, type Flag, flags, type Procedure, type Topic } from './library/procedure.ts';
export { answerText, compactPrompt } from './model/compact-prompt.ts';
export { type GuideContext, readGuideContext } from './situation/context.ts';
export { type Situation, situationOf } from './situation/situation.ts';
export { type Slot, slots } from './situation/slots.ts';
