import type { SecretAction } from '../../index.ts';
import { callTo } from './calls.ts';
import type { Call, Operation, Sent } from './operations.ts';

/** The operations that change the state of a secret. */
export type Acting =
  | 'CreateSecretVersion'
  | 'CreateSecretStage'
  | 'UpdateSecretStage'
  | 'DeleteSecretStage'
  | 'DeleteSecretForSchedule'
  | 'RestoreSecret';

export function isActing(call: Call): call is Call<Acting> {
  return Object.hasOwn(actions, call.operation);
}

/** Returns a call as an action of the model. */
export function actionOf<Name extends Acting>(call: Call<Name>, at: number): SecretAction {
  const action: (call: Call<Name>, at: number) => SecretAction = actions[call.operation];
  return action(call, at);
}

/**
 * Returns an action as a call, or undefined for pruneDeprecated and setStatus, because the API has no call for them. The caller adds
 * the value of a new version. The call contains neither the id of a new version nor `from`.
 */
export function callFor(action: SecretAction, project: string | null, secret: string): Sent | undefined {
  const to = (operation: Operation, body?: object) =>
    callTo(operation, { project: project ?? '', secret, ...('stage' in action && { stage: action.stage }) }, body);
  switch (action.type) {
    case 'createVersion':
      return to('CreateSecretVersion', { version_stages: action.stages });
    case 'assignStage':
      return fitsInPath(action.stage)
        ? to('UpdateSecretStage', { version_id: action.versionId })
        : to('CreateSecretStage', { name: action.stage, version_id: action.versionId });
    case 'removeStage':
      return to('DeleteSecretStage');
    case 'scheduleDeletion':
      return to('DeleteSecretForSchedule', { recovery_window_in_days: action.recoveryWindowInDays });
    case 'restore':
      return to('RestoreSecret');
    default:
      return undefined;
  }
}

/** Returns the call that creates a secret. The caller adds its value. */
export function creationOf(project: string | null, secret: string): Sent {
  return callTo('CreateSecret', { project: project ?? '' }, { name: secret });
}

const assign = ({ stage, versionId }: Call<'CreateSecretStage' | 'UpdateSecretStage'>, at: number): SecretAction => ({
  type: 'assignStage',
  stage,
  versionId,
  at,
});

const actions: { readonly [Name in Acting]: (call: Call<Name>, at: number) => SecretAction } = {
  CreateSecretVersion: ({ stages, recordedId }, at) => ({ type: 'createVersion', at, stages, versionId: recordedId }),
  CreateSecretStage: assign,
  UpdateSecretStage: assign,
  DeleteSecretStage: ({ stage }, at) => ({ type: 'removeStage', stage, at }),
  DeleteSecretForSchedule: ({ recoveryWindowInDays }, at) => ({ type: 'scheduleDeletion', at, recoveryWindowInDays }),
  RestoreSecret: (_, at) => ({ type: 'restore', at }),
};

/** Whether a name can be in a path. One or two dots mean another folder there, and half of a surrogate pair cannot be encoded. */
const fitsInPath = (name: string): boolean => /^(?!\.{0,2}$)\P{Cs}*$/u.test(name);
