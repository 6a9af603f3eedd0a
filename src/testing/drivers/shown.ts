import { boardOf } from '../../board.ts';
import { type Dialect, latestVersion, type SecretState } from '../../index.ts';
import type { ShownSecret } from './driver.ts';

/** A state of the model as an implementation would show it. Only an ENABLED secret can be read. */
export function shownOf(state: SecretState, dialect: Dialect): ShownSecret {
  const latest = state.status === 'ENABLED' ? (latestVersion(state, dialect) ?? null) : undefined;
  return { ...boardOf(state), scheduledDeleteTime: state.scheduledDeleteTime, latest };
}
