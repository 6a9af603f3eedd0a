export { type Bound, type BoundOperations, type BoundQuery, type BoundTry, bind } from './bind.ts';
export { describe } from './describe.ts';
export {
  contradictions,
  type Dialect,
  defineDialect,
  type Evidence,
  type Grade,
  type RecoveryWindow,
  type Rule,
  type RuleName,
  rules,
  type SourcedDialect,
  type StageRules,
} from './dialect.ts';
export { alibabaKms } from './dialects/alibaba-kms.ts';
export { awsSecretsManager } from './dialects/aws-secrets-manager.ts';
export { googleSecretManager } from './dialects/google-secret-manager.ts';
export { huaweiCsms } from './dialects/huawei-csms.ts';
export type { Effect } from './effect.ts';
export { type Law, laws, violations } from './laws.ts';
export { type AssignStage, type AssignStageCode, assignStage, tryAssignStage } from './operations/assign-stage.ts';
export { type CreateSecret, type CreateSecretCode, createSecret, tryCreateSecret } from './operations/create-secret.ts';
export {
  type CreateVersion,
  type CreateVersionCode,
  createVersion,
  tryCreateVersion,
} from './operations/create-version.ts';
export {
  type Restore,
  type RestoreCode,
  restore,
  type ScheduleDeletion,
  type ScheduleDeletionCode,
  type SetStatus,
  type SetStatusCode,
  scheduleDeletion,
  setStatus,
  tryRestore,
  tryScheduleDeletion,
  trySetStatus,
} from './operations/lifecycle.ts';
export {
  type PruneDeprecated,
  type PruneDeprecatedCode,
  pruneDeprecated,
  tryPruneDeprecated,
} from './operations/prune-deprecated.ts';
export { type RemoveStage, type RemoveStageCode, removeStage, tryRemoveStage } from './operations/remove-stage.ts';
export { parseSecretState } from './parse.ts';
export { type Plan, plan, planAll } from './plan.ts';
export {
  currentVersion,
  deprecatedVersions,
  hasVersion,
  isDeprecated,
  isIssued,
  latestVersion,
  nextVersionId,
  previousVersion,
  remainingStages,
  stageOf,
  stagesOf,
  versionOf,
  versionsByAge,
} from './queries.ts';
export {
  type ActionRequests,
  applyAll,
  type BatchOutcome,
  reduce,
  type SecretAction,
  tryApplyAll,
  tryReduce,
} from './reduce.ts';
export {
  type Contradiction,
  type Outcome,
  type Problem,
  type Refusal,
  type RefusalCode,
  type RefusalFacts,
  StageRefusedError,
} from './refusal.ts';
export type { Issued, Moment, SecretState, SecretStatus, SecretVersion, Stage, Versions } from './state.ts';
