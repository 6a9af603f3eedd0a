import { currentVersion, versionsByAge } from '../../index.ts';
import type { Case } from '../rule.ts';

/** The id of the current version; or where there is none, of the one that a remedy makes current: the newest. */
export const currentOrNewest = ({ state, dialect }: Case): string | undefined =>
  currentVersion(state, dialect) ?? versionsByAge(state).at(-1)?.id;
