/** Guidance: what a card or a question asks for, from the store's own procedures. Nothing here acts or invents. */
export { candidatesOf } from './advice/candidates.ts';
export { AnswerLog } from './answer-log.ts';
export { Guidance } from './guidance.ts';
export { loadProcedures, shippedProcedures } from './library/library.ts';
export { signedProcedures } from './library/signed-procedures.ts';
export {
  type CardTopic,
  cardTopics,
  type Flag,
  flags,
  type Procedure,
  readerRoles,
  type Topic,
} from './library/procedure.ts';
export { answerText, compactPrompt, maskedQuestion } from './model/compact-prompt.ts';
export { lateModel } from './model/late-model.ts';
export { type ModelPort, ModelProcess } from './model/model-process.ts';
export { shippedModel } from './model/shipped-model.ts';
export { type GuideContext, parseGuideContext, readGuideContext } from './situation/context.ts';
export { type Situation, situationOf } from './situation/situation.ts';
export { type Slot, slots } from './situation/slots.ts';
export { answerStock, unreadable } from './stock/answer-stock.ts';
export { type Read, type StockReader, stockQuestion } from './stock/stock-facts.ts';
