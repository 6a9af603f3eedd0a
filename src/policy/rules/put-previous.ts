import { isDeprecated, latestVersion, previousVersion, type SecretAction, versionsByAge } from '../../index.ts';
import type { Case } from '../rule.ts';

/**
 * The versions that can become the previous one: those older than the one that is read, the newest first, for that was current
 * before; then the younger that no stage marks, for a rollback leaves such. A younger one with a stage may never have been current.
 */
export const putPrevious = ({ state, dialect, at }: Case): readonly (readonly SecretAction[])[] => {
  const { previousStage: stage } = dialect;
  const from = previousVersion(state, dialect) ?? null;
  const latest = latestVersion(state, dialect) ?? '';
  const ids = versionsByAge(state).map((version) => version.id);
  const place = ids.indexOf(latest);
  const younger = ids.slice(place + 1).filter((id) => isDeprecated(state, id));
  const candidates = [...ids.slice(0, place).reverse(), ...younger];
  return candidates.map((versionId) => [{ type: 'assignStage', stage, versionId, at, from }]);
};
