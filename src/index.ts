export { type Bound, type BoundOperations, type BoundQuery, type BoundTry, bind } from './bind.ts';
export {
  alibabaKms,
  awsSecretsManager,
  contradictions,
  type DeletionDays,
  type Dialect,
  type DialectChanges,
  defineDialect,
  googleSecretManager,
  huaweiCsms,
  type Pattern,
  type PausedStatus,
  type PreviousFollows,
  type SecretRules,
  type StageRules,
  type VersionLimit,
  type VersionRules,
} from './dialects/index.ts';

export type { Effect } from './effect.ts';
export { explain } from './explain.ts';
export { type Law, laws, violations } from './laws.ts';
export {
  type AssignStage,
  type AssignStageCode,
  assignStage,
  type CreateSecret,
  type CreateSecretCode,
  type CreateVersion,
  type CreateVersionCode,
  createSecret,
  createVersion,
  type PruneDeprecated,
  type PruneDeprecatedCode,
  pruneDeprecated,
  type RemoveStage,
  type RemoveStageCode,
  type Restore,
  type RestoreCode,
  removeStage,
  restore,
  type ScheduleDeletion,
  type ScheduleDeletionCode,
  type SetStatus,
  type SetStatusCode,
  scheduleDeletion,
  setStatus,
  tryAssignStage,
  tryCreateSecret,
  tryCreateVersion,
  tryPruneDeprecated,
  tryRemoveStage,
  tryRestore,
  tryScheduleDeletion,
  trySetStatus,
} from './operations/index.ts';
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
