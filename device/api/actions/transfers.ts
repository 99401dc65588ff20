/** Decisions and steps of transfers made at a screen; the rules are in documents/transfer-answers.ts. */
import {
  type Accepted,
  type DecisionRequest,
  instant,
  type StepRequest,
  type Transfer,
} from '@truecount/protocol';
import { type Answer, type AnswerProblem, decideTransfer, takeTransferStep } from '../../documents/index.ts';
import type { AgentPort } from '../ports.ts';
import { ProblemError } from '../problem.ts';
import type { Session } from '../sessions.ts';
import { outageMs } from '../transfer-view.ts';

const STATUS: { readonly [P in AnswerProblem]: number } = {
  E_NOT_THIS_STORE: 409,
  E_TRANSFER_OVER: 409,
  E_PROPOSAL_EXPIRED: 409,
  E_ROLE: 403,
  E_QUANTITY: 422,
  E_ABOVE_LIMIT: 403,
  E_STEP_ORDER: 409,
};

export function decide(
  agent: AgentPort,
  transferId: string,
  request: DecisionRequest,
  session: Session,
): Promise<Accepted> {
  const { bundle, hash } = agent.policy();
  const decider = {
    store: agent.store.id,
    by: session.grant.name,
    role: session.grant.role,
    nowMs: agent.clock.now(),
    bundle,
    policyHash: hash,
    outageMs: outageMs(agent),
  };
  return answer(agent, transferId, request.id, (transfer) => decideTransfer(transfer, request, decider));
}

export function step(
  agent: AgentPort,
  transferId: string,
  request: StepRequest,
  by: string,
): Promise<Accepted> {
  const who = { store: agent.store.id, by, nowMs: agent.clock.now() };
  return answer(agent, transferId, request.id, (transfer) =>
    takeTransferStep(transfer, request.step, request.qty, who),
  );
}

/** Judges and writes in one modification, so that two screens cannot both be first. */
async function answer(
  agent: AgentPort,
  transferId: string,
  requestId: string,
  judge: (transfer: Transfer) => Answer,
): Promise<Accepted> {
  const document = await agent.collections.transfers.findOne(transferId).exec();
  if (document === null)
    throw new ProblemError(
      404,
      'E_UNKNOWN_TRANSFER',
      `there is no transfer ${transferId}; load the list again`,
    );
  let judged: Answer | undefined;
  await document.incrementalModify((transfer) => {
    judged = judge(transfer);
    return judged.ok ? judged.transfer : transfer;
  });
  if (judged === undefined) throw new Error(`transfer ${transferId} was not judged`);
  if (!judged.ok) throw new ProblemError(STATUS[judged.code], judged.code, judged.detail);
  if (judged.changed) await agent.transferChanged(judged.transfer);
  return { id: requestId, committedAt: instant(agent.clock.now()) };
}
