import type { SecretAction } from '../operations/index.ts';
import { asText } from '../text.ts';

/**
 * A copy of an action, with what it is made of and nothing else: another field could be the secret's value. Each is read
 * once, before the action is done, so that what is recorded is what was done. What is no action stays what it is.
 */
export function bareAction<Type extends SecretAction['type']>(action: SecretAction<Type>): SecretAction<Type> {
  if (!Object.hasOwn(copies, asText(action?.type))) return action;
  return copies[action.type](action);
}

const copies: { readonly [Type in SecretAction['type']]: (action: SecretAction<Type>) => SecretAction<Type> } = {
  createVersion: ({ type, at, versionId, stages, fingerprint }) => ({
    type,
    at,
    versionId,
    stages: Array.isArray(stages) ? [...stages] : stages,
    fingerprint,
  }),
  assignStage: ({ type, stage, versionId, at, from }) => ({ type, stage, versionId, at, from }),
  removeStage: ({ type, stage, at, from }) => ({ type, stage, at, from }),
  pruneDeprecated: ({ type, keep, createdBefore }) => ({ type, keep, createdBefore }),
  scheduleDeletion: ({ type, at, recoveryWindowInDays }) => ({ type, at, recoveryWindowInDays }),
  restore: ({ type, at }) => ({ type, at }),
  setStatus: ({ type, status, at }) => ({ type, status, at }),
};
