import { currentVersion, stagesOf, versionsByAge } from '../../index.ts';
import type { Case } from '../rule.ts';

/**
 * The id of the current version; or where there is none, of the one that a remedy makes current: the newest, but for one that a
 * rotation is at, which may have no value yet (AWS Secrets Manager API reference, RotateSecret, documented).
 */
export function currentOrNewest({ state, dialect }: Case): string | undefined {
  return (
    currentVersion(state, dialect) ??
    versionsByAge(state)
      .filter(({ id }) => !stagesOf(state, id).some((stage) => stage === dialect.stages.pending))
      .at(-1)?.id
  );
}
