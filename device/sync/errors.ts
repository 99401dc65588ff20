import type { ReplicationProblem } from '@truecount/protocol';

/** The hub answered that it will not do it; `problem` says why and what to do. */
export class HubRefusedError extends Error {
  readonly code = 'E_HUB_REFUSED';
  readonly problem: ReplicationProblem;
  constructor(problem: ReplicationProblem) {
    super(`the hub answered ${problem.code}: ${problem.text}`);
    this.problem = problem;
  }
}

/** No answer came in time; whether the hub did it is unknown, and asking again is safe. */
export class HubSilentError extends Error {
  readonly code = 'E_HUB_SILENT';
  constructor(what: string) {
    super(`the hub did not answer ${what} in time; it is asked again by itself`);
  }
}

/** The way to the hub is closed: an outage, a normal state. */
export class OutageError extends Error {
  readonly code = 'E_OUTAGE';
  constructor() {
    super('there is no route to the hub now; documents stay here and are sent when it is back');
  }
}
