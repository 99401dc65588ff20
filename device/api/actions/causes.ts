/** Why a record was wrong, as whoever looked says: asked after a count, learned from at night. */
import {
  type Accepted,
  type CauseQuestion,
  type Exception,
  type ExceptionKind,
  instant,
  type StockCause,
  stockCauses,
} from '@truecount/protocol';
import type { AgentPort } from '../ports.ts';
import { ProblemError } from '../problem.ts';
import { productRef } from '../products.ts';

/** Exceptions that are about a wrong record; only there is a cause to find. */
const ABOUT_RECORDS: ReadonlySet<ExceptionKind> = new Set([
  'phantom-stock',
  'negative-record',
  'hidden-stock',
]);

/**
 * The exception that was open when somebody counted and is over since, for the question why; the same for a repeated request.
 *
 * @param at when it was counted
 * @returns undefined where it ended none, or said what the record had said
 */
export async function causeToAsk(
  agent: AgentPort,
  { sku, qty, at }: { readonly sku: string; readonly qty: number; readonly at: string },
): Promise<string | undefined> {
  const closed = await agent.collections.exceptions.find({ selector: { state: 'closed', sku } }).exec();
  return closed.find(
    ({ kind, detectedAt, closedAt = '', evidence }) =>
      ABOUT_RECORDS.has(kind) && detectedAt <= at && closedAt >= at && recordIn(evidence) !== qty,
  )?.id;
}

/** What the record said when the exception was last looked at. */
function recordIn(evidence: Exception['evidence']): string | number | undefined {
  for (const { code, params } of evidence) {
    if (code === 'record-says' || code === 'record-negative') return params['qty'];
    if (code === 'believed-more') return params['record'];
  }
  return undefined;
}

export async function causeQuestion(agent: AgentPort, exceptionId: string): Promise<CauseQuestion> {
  const { kind, sku, cause, found } = await exceptionOf(agent, exceptionId);
  const likely = (cause ?? []).map(({ code }) => code);
  const place = (one: StockCause): number => (likely.includes(one) ? likely.indexOf(one) : likely.length);
  return {
    exceptionId,
    kind,
    product: productRef(agent, sku),
    causes: stockCauses.toSorted((a, b) => place(a) - place(b)),
    ...(found === undefined ? {} : { found: found.cause }),
  };
}

/** Said again, the last word counts. */
export async function sayCause(agent: AgentPort, exceptionId: string, cause: StockCause): Promise<Accepted> {
  await exceptionOf(agent, exceptionId);
  const at = instant(agent.clock.now());
  await patch(agent, exceptionId, (known) => ({ ...known, found: { cause, at } }));
  return { id: exceptionId, committedAt: at };
}

/** @returns false when nobody had said one */
export async function takeBackCause(agent: AgentPort, exceptionId: string): Promise<boolean> {
  const document = await agent.collections.exceptions.findOne(exceptionId).exec();
  if (document?.found === undefined) return false;
  await patch(agent, exceptionId, ({ found: _found, ...rest }) => rest);
  return true;
}

async function patch(agent: AgentPort, id: string, change: (known: Exception) => Exception): Promise<void> {
  const document = await agent.collections.exceptions.findOne(id).exec();
  await document?.incrementalModify((known) => change(known));
}

async function exceptionOf(agent: AgentPort, id: string): Promise<Exception & { readonly sku: string }> {
  const document = await agent.collections.exceptions.findOne(id).exec();
  if (document === null)
    throw new ProblemError(404, 'E_UNKNOWN_EXCEPTION', `there is no exception ${id}; load the list again`);
  const { sku, ...exception } = document.toMutableJSON();
  if (sku === undefined || !ABOUT_RECORDS.has(exception.kind))
    throw new ProblemError(
      409,
      'E_NO_CAUSE',
      `${exception.kind} is not about a wrong record; nothing to say`,
    );
  return { ...exception, sku };
}
