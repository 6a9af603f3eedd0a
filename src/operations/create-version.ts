import { type Dialect, fits, stagesLeft } from '../dialect.ts';
import { csms } from '../dialects/huawei-csms.ts';
import { currentVersion, deprecatedByAge, hasVersion, isIssued, nextVersionId } from '../queries.ts';
import { type Decision, type Outcome, orThrow, outcomeOf, refuseValue } from '../refusal.ts';
import { change, countIssued, countVersions, isTime, keepOnly, place, type SecretState, timeRule } from '../state.ts';
import { issue } from './issue.ts';

/** What {@link createVersion} takes. */
export interface CreateVersion {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Left out: the next of the series, `nextVersionId(state)`. */
  readonly versionId?: string | undefined;
  /** Exactly the stages that the new version takes, also none. Left out: the current one. */
  readonly stages?: readonly string[] | undefined;
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
 * A new version. Without `stages` it takes the current stage, and the version that had it takes the previous one. With
 * `stages` it takes exactly those, each from wherever it was, and nothing else moves. A secret that has all the versions
 * it may have loses its oldest deprecated one to make room.
 *
 * Refused, in this order: the secret is not ENABLED (SECRET_NOT_ENABLED); the time or the id is none (INVALID_VALUE); the
 * id was issued before (VERSION_ID_TAKEN); a listed name is none (INVALID_VALUE); too many stages are listed, or there
 * would be more than the secret may have (STAGE_LIST_LIMIT); without a list, the stage that would be new is one too many
 * (STAGE_LIMIT); no version was deprecated before that could make room (VERSION_LIMIT).
 *
 * Source: CSMS API reference, CreateSecretVersion (documented); what makes room is assumed (`versionLimitIsHard`).
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
  { at, versionId: chosenId, stages: listed }: CreateVersion,
  dialect: Dialect,
): Decision<CreateVersionCode> => {
  const versionId = chosenId === undefined ? nextVersionId(state, dialect) : chosenId;
  if (state.status !== 'ENABLED') return { code: 'SECRET_NOT_ENABLED', status: state.status };
  if (!isTime(at)) return refuseValue('at', at, timeRule);
  if (!fits(versionId, dialect.versionId)) return refuseValue('versionId', versionId, dialect.versionId);
  if (isIssued(state, versionId, dialect)) {
    return { code: 'VERSION_ID_TAKEN', versionId, exists: hasVersion(state, versionId) };
  }
  if (listed !== undefined && !Array.isArray(listed)) return refuseValue('stages', listed, 'a list of stage names');
  const taken = listed === undefined ? [dialect.currentStage] : listed;
  for (const stage of taken) {
    if (!fits(stage, dialect.stageName)) return refuseValue('stages', stage, dialect.stageName);
  }
  if (listed && listed.length > dialect.stageListLimit) {
    return { code: 'STAGE_LIST_LIMIT', listed: [...listed], limit: dialect.stageListLimit, stages: state.stages };
  }

  const stages = [...state.stages];
  for (const name of taken) place(stages, { name, versionId, updateTime: at });
  const holder = currentVersion(state, dialect);
  const takesOver = !listed || (dialect.previousFollowsListedCurrent && listed.includes(dialect.currentStage));
  if (takesOver && holder !== undefined && !taken.includes(dialect.previousStage)) {
    place(stages, { name: dialect.previousStage, versionId: holder, updateTime: at });
  }
  if (stages.length > state.stages.length && stagesLeft(stages, dialect) < 0) {
    const refused = { limit: dialect.stageLimit, stages: state.stages };
    const newcomer = holder === undefined ? dialect.currentStage : dialect.previousStage;
    return listed
      ? { code: 'STAGE_LIST_LIMIT', listed: [...listed], ...refused }
      : { code: 'STAGE_LIMIT', stage: newcomer, ...refused };
  }

  const version = Object.freeze({ id: versionId, createTime: at, ordinal: 1 + countIssued(state.issued) });
  // The spread drops the spare room that the list has grown: a fifth of the weight of a small secret.
  const marked = change(state, {
    stages: Object.freeze([...stages]),
    issued: issue(state.issued, versionId, dialect),
  });
  if (countVersions(state) < dialect.versionLimit) {
    return change(marked, { versions: Object.freeze({ ...state.versions, [versionId]: version }) });
  }
  const oldest = dialect.versionLimitIsHard ? undefined : deprecatedByAge(state)[0];
  if (!oldest) return { code: 'VERSION_LIMIT', limit: dialect.versionLimit, stages: state.stages };
  return keepOnly(marked, [...Object.values(state.versions).filter((other) => other !== oldest), version]);
};
