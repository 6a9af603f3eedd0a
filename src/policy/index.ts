export type { BoardExcerpt } from '../drawing/draw-secret.ts';
export { explainProblem } from '../sentences.ts';
export { type CheckRequest, check, type Report, type Unchecked } from './check.ts';
export { checkHistory, type PastFinding, type Tenure, tenures } from './check-history.ts';
export { type AllowedPlan, checkPlan, type Loss, type PlanReport, type RefusedPlan } from './check-plan.ts';
export { explainUnknown } from './explain-unknown.ts';
export { createsUntilPrunable, type ForecastRequest } from './forecast.ts';
export * from './import/index.ts';
export { type ParsedPolicy, parsePolicy } from './parse-policy.ts';
export { type Proposal, promotionOf, rollbackOf, rotationOf } from './promotion.ts';
export * from './report/index.ts';
export {
  type Case,
  type ChangeCase,
  defineRule,
  type PolicyRule,
  type Remedies,
  type RuleChanges,
  type RuleDefinition,
  type RuleFinding,
  type Severity,
  severities,
  type Thresholds,
} from './rule.ts';
export { pack } from './rules/index.ts';
export type { Finding } from './run-rules.ts';
export { isKnown, type Rotation, type Subject, subjectAfter, timeOf, type Unknown } from './subject.ts';
