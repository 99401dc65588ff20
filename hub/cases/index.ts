/** Door of the cases: exceptions of many stores become work, and work becomes decided, executed, provable action. */
import type { Migration } from '../database/index.ts';
import { actionMigrations } from './actions.ts';
import { automationMigrations } from './automation/automation-tables.ts';
import { metricMigrations } from './metrics/metric-views.ts';
import { caseMigrations as tables } from './case-tables.ts';
import { portMigrations, promotionMigrations } from './port-events.ts';
import { outboxMigrations } from './outbox.ts';

export { type CaseFilter, casePage, caseView, planView, transferViews } from './case-views.ts';
export { type Happening, listenForChanges } from './case-work.ts';
export type { DecisionOutcome } from './decide-case.ts';
export { CaseEngine, type EngineParts, type Reach } from './engine.ts';
export type { Network } from './planning/round-facts.ts';
export { parsePortEvent, type PortEvent } from './port-events.ts';
export { acceptMoves } from './accept-moves.ts';
export { automationView } from './automation/automation-view.ts';
export { readMetric, readMetrics } from './metrics/read-metrics.ts';
export { replayDecisions } from './replay-decision.ts';
export { tryPolicy } from './try-policy.ts';

export const caseMigrations: readonly Migration[] = [
  ...tables,
  ...outboxMigrations,
  ...actionMigrations,
  ...portMigrations,
  ...automationMigrations,
  ...promotionMigrations,
  ...metricMigrations,
];
