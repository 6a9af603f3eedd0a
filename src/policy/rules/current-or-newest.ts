import { currentVersion, stagesOf, versionsByAge } from '../../index.ts';
import type { Case } from '../rule.ts';
import { isOfRotation } from './rotation.ts';

/**
 * The id of the current version; or where there is none, of the one that a remedy makes current: the newest, but for one that a
 * rotation is at, which may have no value yet (AWS Secrets Manager API reference, RotateSecret, documented).
 */
export const currentOrNewest = ({ state, dialect }: Case): string | undefined =>
  currentVersion(state, dialect) ??
  versionsByAge(state)
    .filter(({ id }) => !stagesOf(state, id).some((stage) => isOfRotation(stage, dialect)))
    .at(-1)?.id;
