import type { SecretAction } from '../reduce.ts';

/** What each action is made of. Other fields are none of a history's business: one could be a secret's value. */
const fieldsOf: { readonly [Type in SecretAction['type']]: readonly Exclude<keyof SecretAction<Type>, 'type'>[] } = {
  createVersion: ['at', 'versionId', 'stages'],
  assignStage: ['stage', 'versionId', 'at', 'from'],
  removeStage: ['stage', 'at', 'from'],
  pruneDeprecated: ['keep', 'createdBefore'],
  scheduleDeletion: ['at', 'recoveryWindowInDays'],
  restore: ['at'],
  setStatus: ['status', 'at'],
};

/** A frozen copy of an action, with what it is made of and nothing else. */
export const bareAction = (action: SecretAction): SecretAction => {
  const bare: SecretAction = JSON.parse(JSON.stringify(action, ['type', ...fieldsOf[action.type]]));
  if ('stages' in bare) Object.freeze(bare.stages);
  return Object.freeze(bare);
};
