import { fits, type StageRules, stagesLeft } from '../dialect.ts';
import { csmsStages } from '../dialects/huawei-csms.ts';
import { asText, type Decision, type Outcome, orThrow, outcomeOf, type Refusal, refuseValue } from '../refusal.ts';
import { byName, has, isTime, type SecretState, type Stage, slotOf, timeRule, withStages } from '../state.ts';

/** What {@link assignStage} takes. */
export interface AssignStage {
  readonly stage: string;
  readonly versionId: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The version that the stage must be on now, or null if it must be on none. Left out: wherever it is. */
  readonly from?: string | null | undefined;
}

/** Why {@link assignStage} may be refused. */
export type AssignStageCode =
  | 'SECRET_NOT_ENABLED'
  | 'INVALID_VALUE'
  | 'UNKNOWN_VERSION'
  | 'WRONG_HOLDER'
  | 'HOLDER_NOT_NAMED'
  | 'DEPRECATED_VERSION'
  | 'STAGE_LIMIT';

/**
 * Puts a stage on a version. A stage marks one version only, so it leaves the version that it was on; if no other stage
 * marks that one, it is deprecated from then on. Every other stage stays where it is.
 *
 * Refused, in this order: the secret is not ENABLED (SECRET_NOT_ENABLED); the time, or the name of a new stage, is none
 * (INVALID_VALUE); the version does not exist (UNKNOWN_VERSION); the stage is not on `from` (WRONG_HOLDER), or on another
 * version and `from` is left out, if the dialect minds (`movesNeedHolder`, HOLDER_NOT_NAMED); the dialect lets no stage
 * bring a deprecated version back (`deprecatedIsFinal`, DEPRECATED_VERSION); the secret has all the stages it may have, and
 * this would be a new one (STAGE_LIMIT). Moving a stage that it has is always allowed but for that, unless the dialect lets
 * the previous stage follow (`previousFollowsMove`) and that one would be new.
 *
 * Source: CSMS API reference, UpdateSecretStage and CreateSecretStage (documented).
 *
 * @throws {StageRefusedError} with the refusal; {@link tryAssignStage} returns it instead.
 *
 * @example
 * const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });
 * const rolledBack = assignStage(two, { stage: 'SYSCURRENT', versionId: 'v1', at: 2000, from: 'v2' });
 * versionOf(rolledBack, 'SYSCURRENT'); // 'v1'
 * deprecatedVersions(rolledBack); // ['v2']
 */
export const assignStage = (state: SecretState, request: AssignStage, dialect: StageRules = csmsStages): SecretState =>
  orThrow(decideAssignStage(state, request, dialect));

/** {@link assignStage} that returns a refusal instead of throwing it. */
export const tryAssignStage = (
  state: SecretState,
  request: AssignStage,
  dialect: StageRules = csmsStages,
): Outcome<AssignStageCode> => outcomeOf(decideAssignStage(state, request, dialect));

export const decideAssignStage = (
  state: SecretState,
  request: AssignStage,
  dialect: StageRules,
): Decision<AssignStageCode> => {
  // The copy is what is searched, too: optimised code reads an element of a frozen list by a call (Builtins_KeyedLoadIC in a
  // profile), which costs five times what the element of any other list does. A copy costs as much as two such reads.
  const stages = [...state.stages];
  const moved = moveStage(state, stages, request, dialect, Object.freeze);
  return moved === true ? withStages(state, stages) : moved || state;
};

/**
 * Moves a stage within a list of stages that the caller is still making: whether anything changed, or why nothing may. A
 * batch makes many moves on one list, and seals it and its stages once.
 */
export const moveStage = (
  { status, versions }: SecretState,
  stages: Stage[],
  { stage, versionId, at, from }: AssignStage,
  dialect: StageRules,
  seal: (stage: Stage) => Stage,
): boolean | Refusal<AssignStageCode> => {
  if (status !== 'ENABLED' && !dialect.stagesNeverRest) return { code: 'SECRET_NOT_ENABLED', status };
  if (!isTime(at)) return refuseValue('at', at, timeRule);

  const slot = slotOf(stages, stage);
  const held = stages[slot];
  if (!held && !fits(stage, dialect.stageName)) return refuseValue('stage', stage, dialect.stageName);
  if (!has(versions, versionId)) return { code: 'UNKNOWN_VERSION', versionId: asText(versionId), versions };

  const holder = held ? held.versionId : null;
  if (from !== holder && from !== undefined)
    return { code: 'WRONG_HOLDER', stage, from: from === null ? null : asText(from), holder };
  const isElsewhere = holder !== null && holder !== versionId;
  if (isElsewhere && dialect.movesNeedHolder && from === undefined) return { code: 'HOLDER_NOT_NAMED', stage, holder };
  if (dialect.deprecatedIsFinal && stages.every((other) => other.versionId !== versionId))
    return { code: 'DEPRECATED_VERSION', stage, versionId };
  if (holder === versionId && (dialect.repeatKeepsTime || held?.updateTime === at)) return false;

  const { currentStage, previousStage } = dialect;
  const follower = isElsewhere && dialect.previousFollowsMove && stage === currentStage ? previousStage : null;
  const followerSlot = follower === null ? slot : slotOf(stages, follower);
  const newcomer = held ? !stages[followerSlot] && follower : stage;
  if (newcomer && stagesLeft([...stages, { name: newcomer }], dialect) < 0)
    return { code: 'STAGE_LIMIT', stage: newcomer, limit: dialect.stageLimit, stages };

  stages[slot] = seal({ name: stage, versionId, updateTime: at });
  if (isElsewhere && follower !== null)
    stages[followerSlot] = seal({ name: follower, versionId: holder, updateTime: at });
  if (newcomer) stages.sort(byName);
  return true;
};
