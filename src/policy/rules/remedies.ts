import {
  currentVersion,
  type PruneDeprecated,
  previousVersion,
  type Stage,
  versionOf,
  versionsByAge,
} from '../../index.ts';
import type { Case, Remedies } from '../rule.ts';

/**
 * The versions that can become the previous one, the likeliest to have been current first: those older than the current
 * one, the newest first; then the younger, for a rollback leaves such. That is a guess, for a state does not tell what was current. One
 * that another stage marks is omitted: it may be a version that was never tried.
 */
export function putPrevious(secret: Case): Remedies {
  const { state, dialect, at } = secret;
  const { previous: stage } = dialect.stages;
  const current = currentOrNewest(secret);
  if (stage === null || current === undefined) return [];
  const from = previousVersion(state, dialect) ?? null;
  const ids = versionsByAge(state).map((version) => version.id);
  const place = ids.indexOf(current);
  const candidates = [...ids.slice(0, place).reverse(), ...ids.slice(place + 1)];
  const marked = new Set(state.stages.map((held) => held.versionId));
  return candidates
    .filter((id) => !marked.has(id))
    .map((versionId) => [{ type: 'assignStage', stage, versionId, at, from }]);
}

/**
 * The id of the current version; or where there is none, of the one that a remedy makes current: the newest, but for one that a
 * rotation is at, which may have no value yet (AWS Secrets Manager API reference, RotateSecret, documented).
 */
export function currentOrNewest({ state, dialect }: Case): string | undefined {
  const pending = versionOf(state, dialect.stages.pending);
  const others = versionsByAge(state).filter(({ id }) => id !== pending);
  return currentVersion(state, dialect) ?? others.at(-1)?.id;
}

/**
 * The way to take a stage off its version is onto the current one: readers of the stage still get a value, which they would not
 * if it were removed. What it leaves may be the only version with a value that works, so that is never pruned along with it.
 *
 * A rotation that is over leaves its stage so in AWS, too: "AWSPENDING" on the version of "AWSCURRENT" (AWS Secrets Manager API
 * reference, RotateSecret, documented). That the same suits a stage of one's own in CSMS is assumed.
 */
export function movesToCurrent({ state, dialect, at }: Case): (held: Stage) => Remedies {
  const versionId = currentVersion(state, dialect);
  return ({ name: stage, versionId: from }) =>
    versionId === undefined ? [] : [[{ type: 'assignStage', stage, versionId, at, from }]];
}

/**
 * A pruning, if there is something to roll back to without what it deletes: otherwise a deprecated version may be what somebody
 * needs, and it would be gone for good.
 */
export function prune({ state, dialect }: Case, request: PruneDeprecated): Remedies {
  const current = currentVersion(state, dialect);
  const previous = previousVersion(state, dialect);
  if (current === undefined || previous === undefined || current === previous) return [];
  return [[{ type: 'pruneDeprecated', ...request }]];
}
