import { type PruneDeprecated, type Stage, versionOf, versionsByAge } from '../../index.ts';
import type { Case, Remedies } from '../rule.ts';

/**
 * Proposes versions for the previous stage, the most likely first: those older than the current version, newest first; then the
 * younger ones, which a rollback leaves. This is a guess, because a state does not record which versions were current. Versions
 * that another stage marks are omitted, because they may be untested, and so are versions without a value.
 */
export function putPrevious(secret: Case): Remedies {
  const { state, dialect, at } = secret;
  const { previous: stage } = dialect.stages;
  const current = currentOrNewest(secret);
  if (stage === null || current === undefined) return [];
  const from = secret.previous ?? null;
  const ids = versionsByAge(state)
    .filter(({ id, withoutValue }) => !withoutValue || id === current)
    .map((version) => version.id);
  const place = ids.indexOf(current);
  const candidates = [...ids.slice(0, place).reverse(), ...ids.slice(place + 1)];
  const marked = new Set(state.stages.map((held) => held.versionId));
  return candidates
    .filter((id) => !marked.has(id))
    .map((versionId) => [{ type: 'assignStage', stage, versionId, at, from }]);
}

/**
 * The id of the current version. Without one, the id of the version that a remedy makes current: the newest that has a value and does
 * not carry the pending stage. The value of a pending version may be untested, or missing (AWS Secrets Manager API reference,
 * RotateSecret, documented).
 */
export function currentOrNewest({ state, current, pending }: Case): string | undefined {
  const others = () => versionsByAge(state).filter(({ id, withoutValue }) => id !== pending && !withoutValue);
  return current ?? others().at(-1)?.id;
}

/**
 * Moves a stage to the current version, so that its readers still get a value. The version that it leaves is never pruned in the
 * same remedy, because it may be the only one with a value that works.
 *
 * After a rotation AWS also allows "AWSPENDING" on the version of "AWSCURRENT" (AWS Secrets Manager API reference,
 * RotateSecret, documented). That this suits your own stages in CSMS is assumed.
 */
export function movesToCurrent({ state, dialect, at }: Case): (held: Stage) => Remedies {
  const versionId = versionOf(state, dialect.stages.current);
  return ({ name: stage, versionId: from }) =>
    versionId === undefined ? [] : [[{ type: 'assignStage', stage, versionId, at, from }]];
}

/** Prunes deprecated versions, if a rollback does not need one of them: deleted versions cannot be recovered. */
export function prune({ current, previous }: Case, request: PruneDeprecated): Remedies {
  if (current === undefined || previous === undefined || current === previous) return [];
  return [[{ type: 'pruneDeprecated', ...request }]];
}
