export { type AssignStage, type AssignStageCode, assignStage, tryAssignStage } from './assign-stage.ts';
export { type Batch, startBatch, stateIn } from './batch.ts';
export { type CreateSecret, type CreateSecretCode, createSecret, tryCreateSecret } from './create-secret.ts';
export { type CreateVersion, type CreateVersionCode, createVersion, tryCreateVersion } from './create-version.ts';
export {
  type PruneDeprecated,
  type PruneDeprecatedCode,
  pruneDeprecated,
  tryPruneDeprecated,
} from './prune-deprecated.ts';
export {
  type ActionRequests,
  applyAll,
  type BatchOutcome,
  doInBatch,
  type ReduceCode,
  reduce,
  type SecretAction,
  tryApplyAll,
  tryReduce,
} from './reduce.ts';
export { type RemoveStage, type RemoveStageCode, removeStage, tryRemoveStage } from './remove-stage.ts';
export { type Restore, type RestoreCode, restore, tryRestore } from './restore.ts';
export {
  type ScheduleDeletion,
  type ScheduleDeletionCode,
  scheduleDeletion,
  tryScheduleDeletion,
} from './schedule-deletion.ts';
export { type SetStatus, type SetStatusCode, setStatus, trySetStatus } from './set-status.ts';
