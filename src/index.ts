export { type Bound, type BoundOperations, type BoundQuery, type BoundTry, bind } from './bind.ts';
export { describe } from './describe.ts';
export { alibabaKms } from './dialects/alibaba-kms.ts';
export { awsSecretsManager } from './dialects/aws-secrets-manager.ts';
export { contradictions } from './dialects/contradictions.ts';
export { type DialectChanges, defineDialect } from './dialects/define-dialect.ts';
export type {
  DeletionDays,
  Dialect,
  Pattern,
  PausedStatus,
  PreviousFollows,
  SecretRules,
  StageRules,
  VersionLimit,
  VersionRules,
} from './dialects/dialect.ts';
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
  type PruneDeprecated,
  type PruneDeprecatedCode,
  pruneDeprecated,
  tryPruneDeprecated,
} from './operations/prune-deprecated.ts';
export { type RemoveStage, type RemoveStageCode, removeStage, tryRemoveStage } from './operations/remove-stage.ts';
export { type Restore, type RestoreCode, restore, tryRestore } from './operations/restore.ts';
export {
  type ScheduleDeletion,
  type ScheduleDeletionCode,
  scheduleDeletion,
  tryScheduleDeletion,
} from './operations/schedule-deletion.ts';
export { type SetStatus, type SetStatusCode, setStatus, trySetStatus } from './operations/set-status.ts';
export { parseSecretState } from './parse.ts';
export { type Plan, plan, planAll } from './plan.ts';
export {
  currentVersion,
  deprecatedVersions,
  hasVersion,
  isDeprecated,
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
export type { Moment, SecretState, SecretStatus, SecretVersion, Stage, Versions } from './state.ts';
