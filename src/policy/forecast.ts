import { mustBelong } from '../belongs.ts';
import { type Dialect, huaweiCsms } from '../dialects/index.ts';
import { lastTime } from '../limits.ts';
import { tryCreateVersion } from '../operations/index.ts';
import { hasVersion, isDeprecated } from '../queries.ts';
import { invalidValue, refusedError } from '../refusal.ts';
import { INVALID_VALUE, UNKNOWN_VERSION } from '../sentences.ts';
import type { SecretState } from '../state.ts';

/** What a forecast assumes about new versions. */
export interface ForecastRequest {
  /** The stages that each new version lists. If omitted, it has no list and takes the current stage. */
  readonly stages?: readonly string[] | undefined;
  /** The dialect of the secret. If omitted, CSMS. */
  readonly dialect?: Dialect | undefined;
}

/**
 * Returns how many new versions it takes until a version is deprecated. It can then be pruned, or be deleted to make room if the
 * cloud does not prune (`versions.prune: 'keeps'`). Returns 0 if it is deprecated now. Returns null if that never happens: a stage
 * marks it that new versions do not take, or a new version would be refused first (the secret is not ENABLED, has all its stages or
 * versions, or `stages` is invalid). New versions get the ids of the series, and are created when each deprecated version is old
 * enough to make room (`sparedHours` of `versions.limit`).
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
  // Two new versions are enough. The first takes the current stage and what it lists, and may put or leave the previous stage
  // here. The second moves the previous stage away, because the current stage is now on a new version. A third takes nothing more.
  let next = state;
  for (let creates = 0; creates < 2; creates++) {
    if (isDeprecated(next, versionId)) return creates;
    // As late as possible, so that every deprecated version is old enough to make room.
    const outcome = tryCreateVersion(next, { at: lastTime, stages }, dialect);
    if (!outcome.ok) return null;
    next = outcome.state;
  }
  return isDeprecated(next, versionId) ? 2 : null;
}
