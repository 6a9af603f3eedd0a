import { latestVersion, type SecretState, stagesOf, versionsByAge } from '../../src/index.ts';
import type { ShownSecret } from '../../src/testing/drivers/driver.ts';

/** What a sound implementation shows of a secret in this state. */
export const shownOf = (state: SecretState): ShownSecret =>
  inOrder({
    status: state.status,
    scheduledDeleteTime: state.scheduledDeleteTime,
    versions: versionsByAge(state).map(({ id, createTime }) => ({ id, createTime, stages: stagesOf(state, id) })),
    stages: state.stages,
    latest: latestVersion(state) ?? null,
  });

/** The same in a fixed order, for comparison. */
export const inOrder = ({ status, scheduledDeleteTime, versions, stages, latest }: ShownSecret): ShownSecret => ({
  status,
  scheduledDeleteTime,
  versions: versions
    .map((version) => ({ ...version, stages: [...version.stages].sort() }))
    .sort((one, other) => (one.id < other.id ? -1 : 1)),
  stages: [...stages].sort((one, other) => (one.name < other.name ? -1 : 1)),
  latest,
});
