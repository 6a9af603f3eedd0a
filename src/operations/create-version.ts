import { type Dialect, fits, stagesLeft } from '../dialect.ts';
import { csms } from '../dialects/huawei-csms.ts';
import { deprecatedByAge, hasVersion, nextIdOf, stageOf, versionOf, wasIssued } from '../queries.ts';
import { type Decision, type Outcome, orThrow, outcomeOf, refuseValue } from '../refusal.ts';
import {
  change,
  countIssued,
  countVersions,
  fingerprintRule,
  has,
  isFingerprint,
  isTime,
  keepOnly,
  newVersion,
  place,
  type SecretState,
  timeRule,
} from '../state.ts';
import { issue } from './issue.ts';

/** What {@link createVersion} takes. */
export interface CreateVersion {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Left out: the next of the series, `nextVersionId(state)`. */
  readonly versionId?: string | undefined;
  /** The stages that the new version takes, also none. Left out: the current one. */
  readonly stages?: readonly string[] | undefined;
  /**
   * What tells its content from other content, such as a keyed digest, and never the content: the version keeps it. Where a
   * repeated id changes nothing (`repeatedIdChangesNothing`), it says whether an id is repeated or taken.
   */
  readonly fingerprint?: string | undefined;
}

/** Why {@link createVersion} may be refused. */
export type CreateVersionCode =
  | 'SECRET_NOT_ENABLED'
  | 'INVALID_VALUE'
  | 'VERSION_ID_TAKEN'
  | 'STAGE_LIMIT'
  | 'STAGE_LIST_LIMIT'
  | 'VERSION_LIMIT';

/**
 * A new version. Without `stages` it takes the current stage, and the version that had it takes the previous one; what the
 * dialect clears comes off (`clearedStages`). With `stages` it takes exactly those, each from wherever it was, and nothing
 * else moves, unless the dialect lets the previous stage follow a listed current one (`previousFollowsListedCurrent`), or
 * makes the first version of all current (`firstVersionIsCurrent`). A secret that has all the versions it may have loses its
 * oldest deprecated one to make room.
 *
 * Where the dialect takes a repeated id for the same call once more (`repeatedIdChangesNothing`), it changes nothing if the
 * version is there and has the same fingerprint.
 *
 * Refused, in this order: the secret is not ENABLED (SECRET_NOT_ENABLED); the time, the id or the fingerprint is none
 * (INVALID_VALUE); the id was issued before (VERSION_ID_TAKEN); the list is none, or empty where the dialect minds
 * (`emptyListIsRefused`), or a listed name is none (INVALID_VALUE); too many stages are listed, or there would be more than
 * the secret may have (STAGE_LIST_LIMIT); without a list, the stage that would be new is one too many (STAGE_LIMIT); no
 * version was deprecated before that could make room, or none old enough (`deprecatedStayInHours`, VERSION_LIMIT).
 *
 * Source: CSMS API reference, CreateSecretVersion (documented); what makes room is assumed (`versionLimitIsHard`). Of other
 * clouds, the rows of their dialects.
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
export const createVersion = (state: SecretState, request: CreateVersion, dialect: Dialect = csms): SecretState =>
  orThrow(decideCreateVersion(state, request, dialect));

/** {@link createVersion} that returns a refusal instead of throwing it. */
export const tryCreateVersion = (
  state: SecretState,
  request: CreateVersion,
  dialect: Dialect = csms,
): Outcome<CreateVersionCode> => outcomeOf(decideCreateVersion(state, request, dialect));

export const decideCreateVersion = (
  state: SecretState,
  { at, versionId: chosenId, stages: listed, fingerprint }: CreateVersion,
  dialect: Dialect,
): Decision<CreateVersionCode> => {
  const versionId = chosenId === undefined ? nextIdOf(state, dialect) : chosenId;
  if (state.status !== 'ENABLED') return { code: 'SECRET_NOT_ENABLED', status: state.status };
  if (!isTime(at)) return refuseValue('at', at, timeRule);
  if (!fits(versionId, dialect.versionId)) return refuseValue('versionId', versionId, dialect.versionId);
  if (!isFingerprint(fingerprint)) return refuseValue('fingerprint', typeof fingerprint, fingerprintRule);
  if (wasIssued(state, versionId, dialect)) {
    if (dialect.repeatedIdChangesNothing && isRepeat(state, versionId, fingerprint)) return state;
    return { code: 'VERSION_ID_TAKEN', versionId, exists: hasVersion(state, versionId) };
  }
  if (listed !== undefined && !Array.isArray(listed)) return refuseValue('stages', listed, 'a list of stage names');
  const isEmpty = listed?.length === 0;
  if (isEmpty && dialect.emptyListIsRefused) return refuseValue('stages', '', 'a list of at least one stage name');
  const { currentStage, previousStage } = dialect;
  const takesCurrent = !listed || (dialect.firstVersionIsCurrent && countIssued(state.issued) === 0);
  const taken = [...(listed ?? []), ...(takesCurrent && currentStage !== null ? [currentStage] : [])];
  for (const stage of taken) {
    if (!fits(stage, dialect.stageName)) return refuseValue('stages', stage, dialect.stageName);
  }
  if (listed && listed.length > dialect.stageListLimit) {
    return { code: 'STAGE_LIST_LIMIT', listed: [...listed], limit: dialect.stageListLimit, stages: state.stages };
  }

  const cleared = listed ? undefined : dialect.clearedStages;
  const stages = cleared ? state.stages.filter(({ name }) => !cleared.includes(name)) : [...state.stages];
  const { length } = stages;
  for (const name of taken) place(stages, { name, versionId, updateTime: at });
  const holder = versionOf(state, currentStage);
  const takesOver = !listed || (dialect.previousFollowsListedCurrent && listed.some((name) => name === currentStage));
  if (takesOver && holder !== undefined && previousStage !== null && !taken.includes(previousStage)) {
    place(stages, { name: previousStage, versionId: holder, updateTime: at });
  }
  const newcomer = stages.length > length && stages.find(({ name }) => !stageOf(state, name));
  if (newcomer && stagesLeft(stages, dialect) < 0) {
    const refused = { limit: dialect.stageLimit, stages: state.stages };
    return listed
      ? { code: 'STAGE_LIST_LIMIT', listed: [...listed], ...refused }
      : { code: 'STAGE_LIMIT', stage: newcomer.name, ...refused };
  }

  const version = newVersion(versionId, at, 1 + countIssued(state.issued), fingerprint);
  // The spread drops the spare room that the list has grown: a fifth of the weight of a small secret.
  const marked = change(state, {
    stages: Object.freeze([...stages]),
    issued: issue(state.issued, versionId, dialect),
  });
  const { versionLimit, versionLimitIsHard, deprecatedStayInHours } = dialect;
  if (versionLimit === null || countVersions(state) < versionLimit) {
    return change(marked, { versions: Object.freeze({ ...state.versions, [versionId]: version }) });
  }
  const full = { code: 'VERSION_LIMIT', limit: versionLimit, stages: state.stages } as const;
  const [oldest] = deprecatedByAge(state);
  if (!oldest || versionLimitIsHard) return full;
  const roomAt = oldest.createTime + (deprecatedStayInHours ?? 0) * millisecondsAnHour;
  if (deprecatedStayInHours !== undefined && at < roomAt) return { ...full, roomAt };
  return keepOnly(marked, [...Object.values(state.versions).filter((other) => other !== oldest), version]);
};

const millisecondsAnHour = 3_600_000;

/** Whether a version is asked for that is there, with the same content as far as its fingerprint tells. */
const isRepeat = ({ versions }: SecretState, versionId: string, fingerprint: string | undefined): boolean =>
  fingerprint !== undefined && has(versions, versionId) && versions[versionId]?.fingerprint === fingerprint;
