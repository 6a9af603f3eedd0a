export { type AssignStage, type AssignStageCode, assignStage, tryAssignStage } from './assign-stage.ts';
export * from './create-secret.ts';
export * from './create-version.ts';
export * from './prune-deprecated.ts';
export * from './reduce.ts';
export * from './remove-stage.ts';
export * from './restore.ts';
export * from './schedule-deletion.ts';
export * from './set-status.ts';
