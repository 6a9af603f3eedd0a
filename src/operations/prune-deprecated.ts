import { areStages, areVersions, notAState, whyForeign } from '../belongs.ts';
import { type Dialect, huaweiCsms } from '../dialects/index.ts';
import { entryOf } from '../json.ts';
import { isTime } from '../limits.ts';
import { done, invalidHidden, invalidTime, invalidValue, type Outcome, orThrow, refuse } from '../refusal.ts';
import { INVALID_STATE, INVALID_VALUE, WRONG_DIALECT } from '../sentences.ts';
import { byOrdinal, change, countVersions, deprecatedByAge, type SecretState, versionsById } from '../state.ts';

/** The request of {@link pruneDeprecated}. */
export interface PruneDeprecated {
  /** How many of the newest deprecated versions to keep. If omitted, 0. */
  readonly keep?: number | undefined;
  /** Deletes only versions created before this time, in epoch milliseconds. If omitted, versions of any age. */
  readonly createdBefore?: number | undefined;
}

/** The codes with which {@link pruneDeprecated} refuses. */
export type PruneDeprecatedCode = 'INVALID_STATE' | 'WRONG_DIALECT' | 'INVALID_VALUE';

/**
 * Deletes deprecated versions: those that no stage marks.
 *
 * By default it deletes all of them. `keep` retains the newest ones, and `createdBefore` deletes only older ones.
 * Deleted ids of the series are never issued again. Clouds that delete only to make room (`versions.prune: 'keeps'`)
 * are unaffected: the state is returned unchanged. The cloud can delete deprecated versions at any time; the model
 * deletes them when you call this.
 *
 * Refuses, in this order: `state` is not a state (INVALID_STATE); the secret belongs to another dialect
 * (WRONG_DIALECT); the request is not an object, `keep` is not a whole number from 0, or `createdBefore` is not a time
 * (INVALID_VALUE).
 *
 * Source: CSMS API reference, UpdateSecretStage: the service may delete deprecated versions at any time (documented).
 * When it does, and in which order, is assumed.
 *
 * @throws {StageRefusedError} with the refusal; {@link tryPruneDeprecated} returns it instead.
 *
 * @example
 * const one = createSecret({ name: 'db', at: 0 });
 * const three = createVersion(createVersion(one, { at: 1000 }), { at: 2000 });
 * deprecatedVersions(three); // ['v1']
 * hasVersion(pruneDeprecated(three), 'v1'); // false
 */
export function pruneDeprecated(
  state: SecretState,
  request: PruneDeprecated = {},
  dialect: Dialect = huaweiCsms,
): SecretState {
  return orThrow(tryPruneDeprecated(state, request, dialect), { INVALID_STATE, WRONG_DIALECT, INVALID_VALUE });
}

/** Does the same as {@link pruneDeprecated}, and returns a refusal instead of throwing it. It never throws. */
export function tryPruneDeprecated(
  state: SecretState,
  request: PruneDeprecated = {},
  dialect: Dialect = huaweiCsms,
): Outcome<PruneDeprecatedCode> {
  const foreign = whyForeign(state, dialect);
  if (foreign) return refuse(foreign);
  if (!areStages(state.stages)) return refuse(notAState);
  if (Object(request) !== request) return refuse(invalidHidden('request', request, 'an object'));
  const { keep = 0, createdBefore } = request;
  if (!Number.isSafeInteger(keep) || keep < 0) return refuse(invalidValue('keep', keep, 'a whole number from 0'));
  if (createdBefore !== undefined && !isTime(createdBefore)) return refuse(invalidTime('createdBefore', createdBefore));

  if (dialect.versions.prune === 'keeps') return done(state);
  // The marked versions are read from the stages, so that pruning does not visit the versions that it deletes.
  const marked = new Set(state.stages.map((stage) => stage.versionId));
  const survivors = [...marked].flatMap((id) => entryOf(state.versions, id) ?? []);
  const choosesByAge = keep > 0 || createdBefore !== undefined;
  if (!areVersions(choosesByAge ? Object.values(state.versions) : survivors)) return refuse(notAState);
  if (choosesByAge) {
    const deprecated = deprecatedByAge(state);
    for (const [age, version] of deprecated.entries()) {
      const isYoung = version.createTime >= (createdBefore ?? Number.POSITIVE_INFINITY);
      if (isYoung || age >= deprecated.length - keep) survivors.push(version);
    }
  }
  if (survivors.length === countVersions(state)) return done(state);
  return done(change(state, { versions: versionsById(survivors.sort(byOrdinal)) }));
}
