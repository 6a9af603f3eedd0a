import { type Dialect, fits, huaweiCsms, patternRule, stagesLeft, type VersionRules } from '../dialects/index.ts';
import { fingerprintRule, isFingerprint, isTime, lastInSeries, millisecondsAnHour, timeRule } from '../limits.ts';
import { hasVersion, stageOf, versionOf } from '../queries.ts';
import { done, invalidValue, type Outcome, orThrow, type Refusal, refuse, wrongDialect } from '../refusal.ts';
import { idInSeries, invalidVersionId, isVersionId, numberInSeries } from '../series.ts';
import {
  countVersions,
  deprecatedByAge,
  newVersion,
  putStage,
  type SecretState,
  type SecretVersion,
} from '../state.ts';
import { type Batch, endBatch, putVersion, startBatch } from './batch.ts';

/** What {@link createVersion} takes. */
export interface CreateVersion {
  /** Epoch milliseconds. */
  readonly at: number;
  /** If omitted, the next of the series, `nextVersionId(state)`. */
  readonly versionId?: string | undefined;
  /** The stages that the new version takes; the list may be empty. If omitted, it takes the current stage. */
  readonly stages?: readonly string[] | undefined;
  /**
   * What tells its content from other content, such as a keyed digest, and never the content: the version keeps it. Where a
   * repeated id is ignored (`versions.repeatedId`), it says whether a call is the same again.
   */
  readonly fingerprint?: string | undefined;
}

/** Why {@link createVersion} may be refused. */
export type CreateVersionCode =
  | 'WRONG_DIALECT'
  | 'SECRET_NOT_ENABLED'
  | 'INVALID_VALUE'
  | 'VERSION_ID_TAKEN'
  | 'STAGE_LIMIT'
  | 'STAGE_LIST_LIMIT'
  | 'VERSION_LIMIT';

/**
 * Creates a version.
 *
 * Without `stages` it takes the current stage, the version that had it takes the previous one, and the pending stage is
 * removed. With `stages` it takes exactly those, each from wherever it was. Nothing else moves, with two exceptions: the
 * previous stage may follow a listed current stage (`stages.previousFollows`), and the first version of all may take the
 * current stage besides (`secret.firstVersion`).
 *
 * A secret that has all the versions it may have loses its oldest deprecated one (`versions.limit`).
 *
 * Where the dialect ignores a repeated id (`versions.repeatedId`), nothing changes if a version with this id and this
 * fingerprint exists.
 *
 * Refuses, in this order: the secret belongs to another dialect (WRONG_DIALECT); it is not ENABLED (SECRET_NOT_ENABLED); `at`,
 * `versionId` or `fingerprint` is invalid (INVALID_VALUE); a version has the id, or the series has passed it
 * (VERSION_ID_TAKEN); `stages` is not a list, is shorter than the dialect allows, or has an invalid name (INVALID_VALUE);
 * `stages` is too long, or the secret would have more stages than it may (STAGE_LIST_LIMIT, or STAGE_LIMIT without a list);
 * there is no room for another version (VERSION_LIMIT).
 *
 * Source: CSMS API reference, CreateSecretVersion (documented; which version makes room is assumed). `evidenceOf` has the
 * sources of the other clouds.
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
  return orThrow(tryCreateVersion(state, request, dialect));
}

/** {@link createVersion} that returns a refusal instead of throwing it. */
export function tryCreateVersion(
  state: SecretState,
  request: CreateVersion,
  dialect: Dialect = huaweiCsms,
): Outcome<CreateVersionCode> {
  if (state.dialect !== dialect.id) return refuse(wrongDialect(state, dialect));
  const batch = startBatch(state);
  const added = addVersion(batch, request, dialect);
  return typeof added === 'object' ? refuse(added) : done(added ? endBatch(batch) : state);
}

/** Adds a version to a batch: whether anything changed, or why nothing may. */
export function addVersion(
  batch: Batch,
  request: CreateVersion,
  dialect: Dialect,
): boolean | Refusal<CreateVersionCode> {
  const { draft } = batch;
  const { at, versionId: chosenId, stages: listed, fingerprint } = request;
  const { stages: stageRules, versions: rules } = dialect;
  const versionId = chosenId === undefined ? idInSeries(draft.lastNumber + 1, dialect) : chosenId;
  if (draft.status !== 'ENABLED') return { code: 'SECRET_NOT_ENABLED', status: draft.status };
  if (!isTime(at)) return invalidValue('at', at, timeRule);
  if (!isVersionId(versionId, dialect)) return invalidVersionId(versionId, dialect);
  if (!isFingerprint(fingerprint)) return invalidValue('fingerprint', typeof fingerprint, fingerprintRule);
  const number = numberInSeries(versionId, dialect);
  if (hasVersion(draft, versionId) || (number > 0 && number <= draft.lastNumber)) {
    if (rules.repeatedId === 'ignored' && isRepeat(draft, versionId, fingerprint)) return false;
    return { code: 'VERSION_ID_TAKEN', versionId, exists: hasVersion(draft, versionId) };
  }

  if (listed !== undefined && !Array.isArray(listed)) return invalidValue('stages', listed, 'a list of stage names');
  if (listed && listed.length < rules.lists.least)
    return invalidValue('stages', '', 'a list of at least one stage name');
  const { current, previous, pending } = stageRules;
  const isFirstCurrent = dialect.secret.firstVersion === 'may-come-later-and-is-current' && draft.versionsMade === 0;
  const takesCurrent = current !== null && (!listed || isFirstCurrent);
  const taken = [...(listed ?? []), ...(takesCurrent ? [current] : [])];
  for (const stage of taken) {
    if (!fits(stage, stageRules.name)) return invalidValue('stages', stage, patternRule(stageRules.name));
  }
  if (listed && listed.length > rules.lists.most)
    return { code: 'STAGE_LIST_LIMIT', listed: [...listed], limit: rules.lists.most, stages: draft.stages };

  const stages = [...draft.stages].filter(({ name }) => listed !== undefined || name !== pending);
  for (const name of taken) putStage(stages, { name, versionId, updateTime: at });
  const holder = versionOf(draft, current);
  const takesOver =
    !listed || (stageRules.previousFollows !== 'plain-version' && listed.some((name) => name === current));
  if (takesOver && holder !== undefined && previous !== null && !taken.includes(previous)) {
    putStage(stages, { name: previous, versionId: holder, updateTime: at });
  }
  const isOver = stagesLeft(stages, stageRules) < 0;
  const newcomer = isOver && stages.find(({ name }) => !stageOf(draft, name));
  if (newcomer) {
    const full = { limit: stageRules.limit, stages: draft.stages };
    return listed
      ? { code: 'STAGE_LIST_LIMIT', listed: [...listed], ...full }
      : { code: 'STAGE_LIMIT', stage: newcomer.name, ...full };
  }

  const toDelete = versionToDelete(draft, at, rules);
  if (toDelete && 'code' in toDelete) return toDelete;
  draft.versionsMade += 1;
  draft.lastNumber = Math.max(draft.lastNumber, number);
  draft.stages = stages;
  putVersion(batch, newVersion(versionId, at, draft.versionsMade, fingerprint), toDelete);
  return true;
}

/** Whether a version is asked for that exists, with the same content as far as its fingerprint shows. */
function isRepeat({ versions }: SecretState, versionId: string, fingerprint: string | undefined): boolean {
  return fingerprint !== undefined && versions[versionId]?.fingerprint === fingerprint;
}

/** The version to delete for the new one, or undefined if there is room already; or the refusal if no version can be deleted. */
function versionToDelete(
  state: SecretState,
  at: number,
  { limit }: VersionRules,
): SecretVersion | undefined | Refusal<'VERSION_LIMIT'> {
  if (state.versionsMade >= lastInSeries) return { code: 'VERSION_LIMIT', limit: lastInSeries, stages: state.stages };
  if (limit === null || countVersions(state) < limit.most) return undefined;
  const full = { code: 'VERSION_LIMIT', limit: limit.most, stages: state.stages } as const;
  const [oldest] = deprecatedByAge(state);
  if (oldest === undefined || limit.whenFull === 'refuse') return full;
  const roomAt = oldest.createTime + (limit.sparedHours ?? 0) * millisecondsAnHour;
  return limit.sparedHours !== undefined && at < roomAt ? { ...full, roomAt } : oldest;
}
