import type { SecretAction } from '../index.ts';
import { projectId } from './calls.ts';

/** A call of the API, ready to be sent or written into a transcript. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
}

/**
 * The call that does an action, of those that mend something; undefined for pruning, for the API has no call of it. Without
 * a project that has a name of one, it is a call of the template that the API reference writes.
 */
export const requestOf = (action: SecretAction, project: string | null, secret: string): Sent | undefined => {
  if (action.type !== 'assignStage' && action.type !== 'removeStage') return undefined;
  const [name, stage] = [secret, action.stage].map(encodeURIComponent);
  const owner = project !== null && projectId.test(project) ? encodeURIComponent(project) : '{project_id}';
  const path = `/v1/${owner}/secrets/${name}/stages/${stage}`;
  return action.type === 'assignStage'
    ? { method: 'PUT', path, body: { version_id: action.versionId } }
    : { method: 'DELETE', path };
};
