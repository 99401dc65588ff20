export type PlanningErrorCode =
  | 'plan-invalid'
  | 'plan-unknown-store'
  | 'plan-duplicate-store'
  | 'plan-duplicate-lane'
  | 'plan-duplicate-position'
  | 'plan-bad-stock'
  | 'plan-bad-move'
  | 'plan-too-large'
  | 'plan-aborted'
  | 'plan-closed'
  | 'plan-solver-failed';

/** A problem that cannot be planned, or a planner that could not finish. The message names what and where. */
export class PlanningError extends Error {
  override readonly name = 'PlanningError';
  readonly code: PlanningErrorCode;
  constructor(code: PlanningErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
