export { type HostileOptions, hostileName, type NameOptions, secretName, stageName, versionId } from './names.ts';
export { type SecretActionOptions, secretAction } from './secret-action.ts';
export { type SecretActionsOptions, secretActions } from './secret-actions.ts';
export { type SecretStateOptions, secretState } from './secret-state.ts';
