import type { SecretAction } from '../../index.ts';
import { writeLine } from '../../transcript/index.ts';
import type { ReadSecret } from '../read-secrets.ts';

/** An action of a remedy as a line of a transcript. */
export function remedyLine(action: SecretAction, { project, state, dialect }: ReadSecret): string {
  if (!('at' in action))
    return 'No API call does this. The service deletes deprecated versions at any time (UpdateSecretStage).';
  const isGuarded = dialect.stages.move === 'free' && 'from' in action;
  // If moves do not need it, no call can name the version that a stage comes from.
  const done = isGuarded ? { ...action, from: undefined } : action;
  return writeLine({ at: action.at, dialect, project, secret: state.name, action: done });
}
