import { projectId } from '../api/csms/calls.ts';
import { requestOf } from '../api/csms/requests.ts';
import type { SecretAction } from '../index.ts';
import { asJson } from '../text.ts';
import { hasCalls } from '../transcript/line.ts';
import type { ReadSecret } from './read-secrets.ts';

/** An action as a line of a transcript. */
export function callFor(action: SecretAction, { project, state, dialect }: ReadSecret): string {
  if (!('at' in action)) return 'No call prunes: the service does it, at any time (UpdateSecretStage).';
  const sent = hasCalls(dialect)
    ? requestOf(action, project, state.name)
    : { project: project !== null && projectId.test(project) ? project : undefined, secret: state.name, action };
  return asJson({ at: action.at, ...sent });
}
