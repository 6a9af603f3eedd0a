import { isDeprecated, previousVersion, type SecretAction, versionsByAge } from '../../index.ts';
import type { Case } from '../rule.ts';
import { currentOrNewest } from './current-or-newest.ts';

/**
 * The versions that can become the previous one, the likeliest to have been current first: those older than the current
 * one, the newest first; then the younger, for a rollback leaves such. That is a guess, for a state does not tell what was current. One
 * that another stage marks is left out: it may be a version that nobody tried yet.
 */
export function putPrevious(secret: Case): readonly (readonly SecretAction[])[] {
  const { state, dialect, at } = secret;
  const { previous: stage } = dialect.stages;
  const current = currentOrNewest(secret);
  if (stage === null || current === undefined) return [];
  const from = previousVersion(state, dialect) ?? null;
  const ids = versionsByAge(state).map((version) => version.id);
  const place = ids.indexOf(current);
  const candidates = [...ids.slice(0, place).reverse(), ...ids.slice(place + 1)];
  return candidates
    .filter((id) => isDeprecated(state, id))
    .map((versionId) => [{ type: 'assignStage', stage, versionId, at, from }]);
}
