import { mustBelong } from '../belongs.ts';
import { type Dialect, huaweiCsms } from '../dialects/index.ts';
import { lastTime } from '../limits.ts';
import { tryCreateVersion } from '../operations/index.ts';
import { hasVersion, isDeprecated } from '../queries.ts';
import { invalidValue, refusedError } from '../refusal.ts';
import { INVALID_VALUE, UNKNOWN_VERSION } from '../sentences.ts';
import type { SecretState } from '../state.ts';

/** What a forecast assumes of the versions to come. */
export interface ForecastRequest {
  /** What each new version lists as its stages. If omitted, it has no list and takes the current stage. */
  readonly stages?: readonly string[] | undefined;
  /** The dialect of the secret. If omitted, CSMS. */
  readonly dialect?: Dialect | undefined;
}

/**
 * How many new versions there must be until a version is deprecated, so that it can be pruned, or make room for another where
 * that is the only way to go (`versions.prune: 'keeps'`); 0 if it is now. Null is never: a stage marks it that new versions do not take,
 * or one of them would be refused before (the secret is not ENABLED, has all its stages or versions, or the list of stages is
 * none). The new versions take the ids of the series, and come when each deprecated one is old enough to make room
 * (`sparedHours` of `versions.limit`).
 *
 * Refuses, in this order: the secret belongs to another dialect (WRONG_DIALECT); the version does not exist (UNKNOWN_VERSION).
 *
 * Source: CSMS API reference, CreateSecretVersion (documented: which stages a new version takes) and UpdateSecretStage
 * (documented: a version without a stage is deprecated).
 *
 * @throws {StageRefusedError} with the refusal.
 *
 * @example
 * const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });
 * createsUntilPrunable(two, 'v1'); // 1
 * createsUntilPrunable(two, 'v2'); // 2
 * createsUntilPrunable(two, 'v2', { stages: ['canary'] }); // null
 */
export function createsUntilPrunable(
  state: SecretState,
  versionId: string,
  request: ForecastRequest = {},
): number | null {
  mustBelong(state, request?.dialect ?? huaweiCsms);
  if (typeof versionId !== 'string')
    throw refusedError(invalidValue('versionId', versionId, 'a string'), { INVALID_VALUE });
  if (!hasVersion(state, versionId)) {
    const refusal = { code: 'UNKNOWN_VERSION', versionId, versions: state.versions } as const;
    throw refusedError(refusal, { UNKNOWN_VERSION });
  }
  const { stages, dialect = huaweiCsms } = request;
  // Two steps tell. The first takes all that new versions take, and may put the previous stage here as the current one goes,
  // or leave it where there was no current one. From then on the current stage is on a new version, so the second takes the
  // previous one too. A third finds nothing here that the first two left and it could take.
  let next = state;
  for (let creates = 0; creates < 2; creates++) {
    if (isDeprecated(next, versionId)) return creates;
    // Late is best: age decides which deprecated version makes room, and this one is not deprecated yet.
    const outcome = tryCreateVersion(next, { at: lastTime, stages }, dialect);
    if (!outcome.ok) return null;
    next = outcome.state;
  }
  return isDeprecated(next, versionId) ? 2 : null;
}
