export {
  type AssignStage,
  type AssignStageCode,
  assignStage,
  moveStage,
  tryAssignStage,
} from './assign-stage.ts';
export { type CreateSecret, type CreateSecretCode, createSecret, tryCreateSecret } from './create-secret.ts';
export { type CreateVersion, type CreateVersionCode, createVersion, tryCreateVersion } from './create-version.ts';
export {
  type PruneDeprecated,
  type PruneDeprecatedCode,
  pruneDeprecated,
  tryPruneDeprecated,
} from './prune-deprecated.ts';
export { type RemoveStage, type RemoveStageCode, removeStage, tryRemoveStage } from './remove-stage.ts';
export { type Restore, type RestoreCode, restore, tryRestore } from './restore.ts';
export {
  type ScheduleDeletion,
  type ScheduleDeletionCode,
  scheduleDeletion,
  tryScheduleDeletion,
} from './schedule-deletion.ts';
export { type SetStatus, type SetStatusCode, setStatus, trySetStatus } from './set-status.ts';
export { invalidVersionId, isVersionId } from './version-id.ts';
