/** Governance's door: policies, tiers, and the audit chain that proves what was done under them. */
export { AuditAnchor, readAnchor } from './audit-anchor.ts';
export type { AuditFact } from './audit-entry.ts';
export { AuditLog } from './audit-log.ts';
export { auditMigrations } from './audit-tables.ts';
export { verifyAudit } from './audit-verify.ts';
export {
  type AutomationRules,
  DEFAULT_AUTOMATION,
  isHeldOut,
  judgeStanding,
  type Standing,
} from './automation.ts';
export {
  type AutomaticAct,
  type Breaker,
  DEFAULT_LIMITS,
  type Movement,
  trippedBecause,
} from './breakers.ts';
export { type HubKey, HubKeyError, loadHubKey, readHubKey } from './hub-key.ts';
export { bundlesFrom, draftFor } from './policy-file.ts';
export {
  policyDiff,
  policyFor,
  type PolicyInForce,
  PolicyRegistry,
  PolicyVersionError,
} from './policy-registry.ts';
export { lowerBound, normalQuantile } from './success-bound.ts';
export { effectiveTier, type TierQuestion } from './tiers.ts';
