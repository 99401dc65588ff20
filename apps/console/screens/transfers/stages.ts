/** The steps of a transfer, in order; those that ended early count as the step they did not pass. */
import type { Transfer, TransferStage } from '@truecount/protocol';

export const steps = ['proposed', 'approved', 'picked', 'shipped', 'received', 'closed'] as const;

export const isStopped = (stage: TransferStage): boolean =>
  stage === 'declined' || stage === 'refused' || stage === 'expired';

/** Steps passed, 0 to 5; -1 for those that ended early. */
export const progressOf = (stage: TransferStage): number =>
  isStopped(stage) ? -1 : (steps as readonly string[]).indexOf(stage);

/** A proposal that the hub took back before anybody decided is withdrawn, not refused. */
export const stageName = (transfer: Transfer, stage: TransferStage): TransferStage | 'withdrawn' =>
  stage === 'refused' && !transfer.donor?.decision ? 'withdrawn' : stage;
