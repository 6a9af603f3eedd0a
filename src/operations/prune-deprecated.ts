import type { Dialect } from '../dialect.ts';
import { csms } from '../dialects/huawei-csms.ts';
import { deprecatedByAge } from '../queries.ts';
import { type Decision, type Outcome, orThrow, outcomeOf, refuseValue } from '../refusal.ts';
import {
  byOrdinal,
  countVersions,
  isTime,
  keepOnly,
  type SecretState,
  type SecretVersion,
  timeRule,
} from '../state.ts';

/** What {@link pruneDeprecated} takes. */
export interface PruneDeprecated {
  /** How many of the deprecated versions, the newest of them, to hold back. Left out: none. */
  readonly keep?: number | undefined;
  /** Epoch milliseconds: only versions created before this go. Left out: of any age. */
  readonly createdBefore?: number | undefined;
}

/** Why {@link pruneDeprecated} may be refused. */
export type PruneDeprecatedCode = 'SECRET_NOT_ENABLED' | 'INVALID_VALUE';

/**
 * Deletes the versions that no stage marks: all of them, but for what `keep` and `createdBefore` hold back. Their ids are
 * never issued again. The cloud may do this at any time; here it happens when it is asked for. Where the cloud lets no
 * version go but to make room for another (`deprecatedStay`), nothing changes.
 *
 * Refused, in this order: the secret is not ENABLED, if the dialect minds (`pruningNeedsEnabled`, SECRET_NOT_ENABLED);
 * `keep` or `createdBefore` makes no sense (INVALID_VALUE).
 *
 * Source: CSMS API reference, UpdateSecretStage (documented: at any time; when and in which order is assumed).
 *
 * @throws {StageRefusedError} with the refusal; {@link tryPruneDeprecated} returns it instead.
 *
 * @example
 * const one = createSecret({ name: 'db', at: 0 });
 * const three = createVersion(createVersion(one, { at: 1000 }), { at: 2000 });
 * deprecatedVersions(three); // ['v1']
 * hasVersion(pruneDeprecated(three), 'v1'); // false
 */
export const pruneDeprecated = (
  state: SecretState,
  request: PruneDeprecated = {},
  dialect: Dialect = csms,
): SecretState => orThrow(decidePruneDeprecated(state, request, dialect));

/** {@link pruneDeprecated} that returns a refusal instead of throwing it. */
export const tryPruneDeprecated = (
  state: SecretState,
  request: PruneDeprecated = {},
  dialect: Dialect = csms,
): Outcome<PruneDeprecatedCode> => outcomeOf(decidePruneDeprecated(state, request, dialect));

export const decidePruneDeprecated = (
  state: SecretState,
  { keep = 0, createdBefore }: PruneDeprecated,
  dialect: Dialect,
): Decision<PruneDeprecatedCode> => {
  if (state.status !== 'ENABLED' && dialect.pruningNeedsEnabled)
    return { code: 'SECRET_NOT_ENABLED', status: state.status };
  if (!Number.isSafeInteger(keep) || keep < 0) return refuseValue('keep', keep, 'a whole number from 0');
  if (createdBefore !== undefined && !isTime(createdBefore))
    return refuseValue('createdBefore', createdBefore, timeRule);

  if (dialect.deprecatedStay) return state;
  const survivors = markedVersions(state);
  if (keep > 0 || createdBefore !== undefined) {
    const deprecated = deprecatedByAge(state);
    const kept = Math.max(0, deprecated.length - keep);
    const isHeldBack = ({ createTime }: SecretVersion, age: number) =>
      age >= kept || (createdBefore !== undefined && createTime >= createdBefore);
    survivors.push(...deprecated.filter(isHeldBack));
  }
  if (survivors.length === countVersions(state)) return state;
  return keepOnly(state, survivors.sort(byOrdinal));
};

/** The versions that a stage marks. They come from the stages, so that no prune walks the dead: a cloud may keep many. */
const markedVersions = ({ stages, versions }: SecretState): SecretVersion[] =>
  [...new Set(stages.map((stage) => stage.versionId))].flatMap((id) => versions[id] ?? []);
