import { type Dialect, latestVersion, type SecretState, stagesOf, versionsByAge } from '../index.ts';
import type { ShownSecret } from './driver.ts';

/** A state of the model as an implementation would show it. Only an ENABLED secret can be read. */
export function shownOf(state: SecretState, dialect: Dialect): ShownSecret {
  return {
    status: state.status,
    scheduledDeleteTime: state.scheduledDeleteTime,
    versions: versionsByAge(state).map(({ id, createTime }) => ({ id, createTime, stages: stagesOf(state, id) })),
    stages: state.stages,
    latest: state.status === 'ENABLED' ? (latestVersion(state, dialect) ?? null) : undefined,
  };
}
