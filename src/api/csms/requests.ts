import type { SecretAction } from '../../index.ts';
import { projectId } from './calls.ts';

/** A call of the API, ready to be sent or written into a transcript. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
}

/** The call that creates a secret. Its value is the caller's to add. */
export function creationOf(project: string | null, secret: string): Sent {
  return {
    method: 'POST',
    path: secretsPathOf(project),
    body: { name: secret },
  };
}

/**
 * The call that does an action; undefined for pruning and for a status, for the API has no call of them. The value of a new
 * version is the caller's to add; its id, and the holder that a guard names, are not sent. Without a project that has a name
 * of one, it is a call of the template that the API reference writes.
 */
export function requestOf(action: SecretAction, project: string | null, secret: string): Sent | undefined {
  const path = `${secretsPathOf(project)}/${encodeURIComponent(secret)}`;
  switch (action.type) {
    case 'createVersion':
      return { method: 'POST', path: `${path}/versions`, body: { version_stages: action.stages } };
    case 'assignStage':
      return fitsInPath(action.stage)
        ? {
            method: 'PUT',
            path: `${path}/stages/${encodeURIComponent(action.stage)}`,
            body: { version_id: action.versionId },
          }
        : { method: 'POST', path: `${path}/stages`, body: { name: action.stage, version_id: action.versionId } };
    case 'removeStage':
      return { method: 'DELETE', path: `${path}/stages/${encodeURIComponent(action.stage)}` };
    case 'scheduleDeletion':
      return {
        method: 'POST',
        path: `${path}/scheduled-deleted-tasks/create`,
        body: { recovery_window_in_days: action.recoveryWindowInDays },
      };
    case 'restore':
      return { method: 'POST', path: `${path}/scheduled-deleted-tasks/cancel` };
    default:
      return undefined;
  }
}

const secretsPathOf = (project: string | null): string =>
  `/v1/${project !== null && projectId.test(project) ? encodeURIComponent(project) : '{project_id}'}/secrets`;

/** Whether a name can stand in a path: a dot or two mean another folder there, and half of a surrogate pair has no encoding. */
const fitsInPath = (name: string): boolean => /^(?!\.{0,2}$)\P{Cs}*$/u.test(name);
