// The functions without the types. The declarations of a namespace that has both do not compile (rollup-plugin-dts).
export { assignStage, tryAssignStage } from './assign-stage.ts';
export { createSecret, tryCreateSecret } from './create-secret.ts';
export { createVersion, tryCreateVersion } from './create-version.ts';
export { pruneDeprecated, tryPruneDeprecated } from './prune-deprecated.ts';
export { applyAll, reduce, tryApplyAll, tryReduce } from './reduce.ts';
export { removeStage, tryRemoveStage } from './remove-stage.ts';
export { restore, tryRestore } from './restore.ts';
export { scheduleDeletion, tryScheduleDeletion } from './schedule-deletion.ts';
export { setStatus, trySetStatus } from './set-status.ts';
