import { areStages, areVersions, notAState, whyForeign } from '../belongs.ts';
import {
  type Dialect,
  fits,
  huaweiCsms,
  isWithoutValue,
  patternRule,
  stagesLeft,
  type VersionRules,
  withoutValueRule,
} from '../dialects/index.ts';
import {
  fingerprintRule,
  isCount,
  isFingerprint,
  isTime,
  lastInSeries,
  millisecondsAnHour,
  mostListed,
} from '../limits.ts';
import { hasVersion, stageOf, versionOf } from '../queries.ts';
import {
  done,
  invalidHidden,
  invalidTime,
  invalidValue,
  type Outcome,
  orThrow,
  type Refusal,
  refuse,
} from '../refusal.ts';
import {
  INVALID_STATE,
  INVALID_VALUE,
  ROTATION_INCOMPLETE,
  SECRET_NOT_ENABLED,
  STAGE_LIMIT,
  STAGE_LIST_LIMIT,
  VERSION_ID_TAKEN,
  VERSION_LIMIT,
  WRONG_DIALECT,
} from '../sentences.ts';
import { idInSeries, invalidVersionId, isVersionId, numberInSeries } from '../series.ts';
import {
  change,
  countVersions,
  deprecatedByAge,
  newVersion,
  putStage,
  type SecretState,
  type SecretVersion,
  type Stage,
  type Versions,
  versionsById,
} from '../state.ts';
import { grouped } from '../text.ts';

/** The request of {@link createVersion}. */
export interface CreateVersion {
  /** Epoch milliseconds. */
  readonly at: number;
  /** The id of the version. If omitted, the next of the series, `nextVersionId(state)`. */
  readonly versionId?: string | undefined;
  /** The stages that the new version takes. The list can be empty. If omitted, it takes the current stage. */
  readonly stages?: readonly string[] | undefined;
  /**
   * Identifies the content, such as a keyed digest. Never pass the content, because the version keeps the fingerprint.
   * Dialects that ignore a repeated id (`versions.repeatedId`) compare it to recognise a repeated call.
   */
  readonly fingerprint?: string | undefined;
  /**
   * If true, the version has no value yet, as at the start of a rotation in AWS. Create it again with its id and without
   * this to give it its value. The dialect must allow it (`versions.mayAwaitValue`), and the rotation before it must be
   * complete: the pending stage is on the current version, or on none.
   */
  readonly withoutValue?: boolean | undefined;
}

/** The codes with which {@link createVersion} refuses. */
export type CreateVersionCode =
  | 'INVALID_STATE'
  | 'WRONG_DIALECT'
  | 'SECRET_NOT_ENABLED'
  | 'INVALID_VALUE'
  | 'VERSION_ID_TAKEN'
  | 'ROTATION_INCOMPLETE'
  | 'STAGE_LIMIT'
  | 'STAGE_LIST_LIMIT'
  | 'VERSION_LIMIT';

/**
 * Creates a version.
 *
 * Without `stages` it takes the current stage, the version that had it takes the previous one, and the pending stage is
 * removed. With `stages` it takes exactly those, wherever they were. Nothing else moves, with two exceptions: the
 * previous stage can follow a listed current stage (`stages.previousFollows`), and the first version can also take the
 * current stage (`secret.firstVersion`) unless it is without a value.
 *
 * If the secret is at its limit of versions, the oldest deprecated version is deleted to make room (`versions.limit`).
 *
 * If a version with this id has no value yet, this gives it its value, once. It takes stages as a new version does, and
 * keeps those that it has. Its time and its place among the versions stay, and no version makes room for it.
 *
 * If the dialect ignores repeated ids (`versions.repeatedId`), a repeated call returns the state unchanged: a version
 * with this id and fingerprint exists, or one without a value if `withoutValue` is true.
 *
 * Refuses, in this order: `state` is not a state (INVALID_STATE); the secret belongs to another dialect
 * (WRONG_DIALECT); it is not ENABLED (SECRET_NOT_ENABLED); `at`, `versionId`, `withoutValue` or `fingerprint` is
 * invalid, or the last two are given together (INVALID_VALUE); a version has the id, or the series has passed it
 * (VERSION_ID_TAKEN); the version would be without a value, and the pending stage is on another version than the
 * current one (ROTATION_INCOMPLETE); `stages` is not a list, is shorter than the dialect allows, or has an invalid name
 * (INVALID_VALUE); `stages` is too long, or the secret would exceed its limit of stages (STAGE_LIST_LIMIT, or
 * STAGE_LIMIT without a list); the secret is at its limit of versions, and none can be deleted (VERSION_LIMIT).
 *
 * Source: CSMS API reference, CreateSecretVersion (documented; which version makes room is assumed). `evidenceOf` has
 * the sources of the other clouds.
 *
 * @throws {StageRefusedError} with the refusal; {@link tryCreateVersion} returns it instead.
 *
 * @example
 * const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });
 * currentVersion(two); // 'v2'
 * previousVersion(two); // 'v1'
 * const three = createVersion(two, { at: 2000, stages: ['canary'] });
 * currentVersion(three); // 'v2'
 */
export function createVersion(state: SecretState, request: CreateVersion, dialect: Dialect = huaweiCsms): SecretState {
  return orThrow(tryCreateVersion(state, request, dialect), {
    INVALID_STATE,
    WRONG_DIALECT,
    SECRET_NOT_ENABLED,
    INVALID_VALUE,
    VERSION_ID_TAKEN,
    ROTATION_INCOMPLETE,
    STAGE_LIMIT,
    STAGE_LIST_LIMIT,
    VERSION_LIMIT,
  });
}

/** Does the same as {@link createVersion}, and returns a refusal instead of throwing it. It never throws. */
export function tryCreateVersion(
  state: SecretState,
  request: CreateVersion,
  dialect: Dialect = huaweiCsms,
): Outcome<CreateVersionCode> {
  const foreign = whyForeign(state, dialect);
  if (foreign) return refuse(foreign);
  const added = versionToAdd(state, request, dialect);
  if (added === undefined) return done(state);
  if ('code' in added) return refuse(added);
  return done(
    change(state, {
      versions: withVersion(state.versions, added),
      // The spread drops the spare capacity of the list, a fifth of the memory of a small secret.
      stages: Object.freeze([...added.stages]),
      versionsMade: added.versionsMade,
      lastNumber: added.lastNumber,
    }),
  );
}

/** What a new version changes in a secret. */
export interface Addition {
  /** Replaces the version of its id, if that had no value. */
  readonly version: SecretVersion;
  /** The version that is deleted to make room for it. */
  readonly toDelete: SecretVersion | undefined;
  readonly stages: Stage[];
  readonly versionsMade: number;
  readonly lastNumber: number;
}

/** The versions with the new one. */
export function withVersion(
  versions: Versions,
  { version, toDelete }: Pick<Addition, 'version' | 'toDelete'>,
): Versions {
  return toDelete
    ? versionsById([...Object.values(versions).filter((other) => other !== toDelete), version])
    : Object.freeze({ ...versions, [version.id]: version });
}

/** What a new version would change, undefined if nothing changes, or the refusal. */
export function versionToAdd(
  state: SecretState,
  request: CreateVersion,
  dialect: Dialect,
): Addition | undefined | Refusal<CreateVersionCode> {
  const before = [...state.stages];
  if (!areStages(before) || !isCount(state.versionsMade) || !isCount(state.lastNumber)) return notAState;
  const { at, versionId: chosenId, stages: listed, fingerprint, withoutValue }: Partial<CreateVersion> = request ?? {};
  const { stages: stageRules, versions: rules } = dialect;
  const versionId = chosenId === undefined ? idInSeries(state.lastNumber + 1, dialect) : chosenId;
  if (state.status !== 'ENABLED') return { code: 'SECRET_NOT_ENABLED', status: state.status };
  if (!isTime(at)) return invalidTime('at', at);
  if (!isVersionId(versionId, dialect)) return invalidVersionId(versionId, dialect);
  if (!isWithoutValue(withoutValue, rules)) return invalidValue('withoutValue', withoutValue, withoutValueRule(rules));
  if (!isFingerprint(fingerprint)) return invalidHidden('fingerprint', fingerprint, fingerprintRule);
  if (withoutValue && fingerprint !== undefined)
    return invalidHidden('fingerprint', fingerprint, 'omitted, because the version has no value yet');
  const number = numberInSeries(versionId, dialect);
  const exists = hasVersion(state, versionId);
  const old = exists ? state.versions[versionId] : undefined;
  const awaiting = old?.withoutValue && !withoutValue ? old : undefined;
  if (awaiting && !areVersions([awaiting])) return notAState;
  if (!awaiting && (exists || (number > 0 && number <= state.lastNumber))) {
    const isRepeat = withoutValue ? old?.withoutValue : fingerprint !== undefined && old?.fingerprint === fingerprint;
    if (rules.repeatedId === 'ignored' && isRepeat) return undefined;
    return { code: 'VERSION_ID_TAKEN', versionId, exists };
  }
  const { current, previous, pending } = stageRules;
  const holder = versionOf(state, current);
  const rotation = stageOf(state, pending);
  if (withoutValue && rotation && rotation.versionId !== holder)
    return { code: 'ROTATION_INCOMPLETE', stage: rotation.name, holder: rotation.versionId };

  if (listed !== undefined && !Array.isArray(listed)) return invalidValue('stages', listed, 'a list of stage names');
  if (listed && listed.length > mostListed)
    return invalidList(`a list of at most ${grouped(mostListed)} stage names`, `${grouped(listed.length)} names`);
  if (listed && listed.length < rules.lists.least)
    return invalidList('a list of at least one stage name', 'an empty list');
  const isFirstCurrent =
    dialect.secret.firstVersion === 'may-come-later-and-is-current' && state.versionsMade === 0 && !withoutValue;
  const takesCurrent = current !== null && (!listed || isFirstCurrent);
  const taken = [...(listed ?? []), ...(takesCurrent ? [current] : [])];
  for (const [index, stage] of taken.entries()) {
    if (!fits(stage, stageRules.name)) return invalidValue(`stages[${index}]`, stage, patternRule(stageRules.name));
  }
  if (listed && listed.length > rules.lists.most)
    return { code: 'STAGE_LIST_LIMIT', listed: [...listed], limit: rules.lists.most, stages: state.stages };

  const stages = before.filter(({ name }) => listed !== undefined || name !== pending);
  for (const name of taken) putStage(stages, { name, versionId, updateTime: at });
  const takesOver =
    !listed || (stageRules.previousFollows !== 'plain-version' && [...listed].some((name) => name === current));
  const isElsewhere = holder !== undefined && holder !== versionId;
  if (takesOver && isElsewhere && previous !== null && !taken.includes(previous)) {
    putStage(stages, { name: previous, versionId: holder, updateTime: at });
  }
  const isOver = stagesLeft(stages, stageRules) < 0;
  const newcomer = isOver && stages.find(({ name }) => !stageOf(state, name));
  if (newcomer) {
    const full = { limit: stageRules.limit, stages: state.stages };
    return listed
      ? { code: 'STAGE_LIST_LIMIT', listed: [...listed], ...full }
      : { code: 'STAGE_LIMIT', stage: newcomer.name, ...full };
  }

  const toDelete = awaiting ? undefined : versionToDelete(state, at, rules);
  if (toDelete && 'code' in toDelete) return toDelete;
  const versionsMade = state.versionsMade + (awaiting ? 0 : 1);
  const { createTime, ordinal } = awaiting ?? { createTime: at, ordinal: versionsMade };
  return {
    version: newVersion(versionId, createTime, ordinal, fingerprint, withoutValue),
    toDelete,
    stages,
    versionsMade,
    lastNumber: Math.max(state.lastNumber, number),
  };
}

function invalidList(rule: string, found: string): Refusal<'INVALID_VALUE'> {
  return { code: 'INVALID_VALUE', field: 'stages', rule, found };
}

/** The version to delete for the new one, undefined if there is room, or the refusal if no version can be deleted. */
function versionToDelete(
  state: SecretState,
  at: number,
  { limit }: VersionRules,
): SecretVersion | undefined | Refusal<'VERSION_LIMIT' | 'INVALID_STATE'> {
  if (state.versionsMade >= lastInSeries) return { code: 'VERSION_LIMIT', limit: lastInSeries, stages: state.stages };
  if (limit === null || countVersions(state) < limit.most) return undefined;
  const full = { code: 'VERSION_LIMIT', limit: limit.most, stages: state.stages } as const;
  if (!areVersions(Object.values(state.versions))) return notAState;
  const [oldest] = deprecatedByAge(state);
  if (oldest === undefined || limit.whenFull === 'refuse') return full;
  const roomAt = oldest.createTime + (limit.sparedHours ?? 0) * millisecondsAnHour;
  return limit.sparedHours !== undefined && at < roomAt ? { ...full, roomAt } : oldest;
}
