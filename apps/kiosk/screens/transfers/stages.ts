/** The steps of a transfer as its stepper shows them. */
import type { Transfer, TransferStage } from '@truecount/protocol';

export const steps = ['proposed', 'approved', 'picked', 'shipped', 'received', 'closed'] as const;
export type Step = (typeof steps)[number];
export type StepState = 'done' | 'current' | 'ahead';

/** A transfer that ended early did not get past its proposal. */
export const isStopped = (stage: TransferStage): boolean =>
  stage === 'declined' || stage === 'refused' || stage === 'expired';

export const isOver = (stage: TransferStage): boolean => stage === 'closed' || isStopped(stage);

export function stepState(step: Step, stage: TransferStage): StepState {
  const reached = isStopped(stage) ? 0 : steps.indexOf(stage as Step);
  const at = steps.indexOf(step);
  if (at < reached || (at === reached && isOver(stage))) return 'done';
  return at === reached ? 'current' : 'ahead';
}

const doable = ['picked', 'shipped', 'received'] as const;
export type DoableStep = (typeof doable)[number];

/** What this store may report next, of the steps this screen knows. */
export const nextStep = (next: readonly string[]): DoableStep | undefined =>
  doable.find((step) => next.includes(step));

/** A proposal that the hub took back before anybody decided is withdrawn, not refused. */
export const stageName = (transfer: Transfer, stage: TransferStage): TransferStage | 'withdrawn' =>
  stage === 'refused' && !transfer.donor?.decision ? 'withdrawn' : stage;
