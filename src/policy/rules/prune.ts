import { currentVersion, type PruneDeprecated, previousVersion, type SecretAction } from '../../index.ts';
import type { Case } from '../rule.ts';

/**
 * A pruning, if there is something to roll back to without what it deletes: otherwise a deprecated version may be what somebody
 * needs, and it would be gone for good.
 */
export function prune({ state, dialect }: Case, request: PruneDeprecated): readonly (readonly SecretAction[])[] {
  const current = currentVersion(state, dialect);
  const previous = previousVersion(state, dialect);
  if (current === undefined || previous === undefined || current === previous) return [];
  return [[{ type: 'pruneDeprecated', ...request }]];
}
