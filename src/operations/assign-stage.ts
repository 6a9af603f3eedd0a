import { areStages, notAState, whyForeign } from '../belongs.ts';
import { counts, type Dialect, fits, huaweiCsms, patternRule, stagesLeft } from '../dialects/index.ts';
import { isTime } from '../limits.ts';
import { done, invalidTime, invalidValue, type Outcome, orThrow, type Refusal, refuse } from '../refusal.ts';
import {
  HOLDER_NOT_NAMED,
  INVALID_STATE,
  INVALID_VALUE,
  SECRET_NOT_ENABLED,
  STAGE_LIMIT,
  UNKNOWN_VERSION,
  WRONG_DIALECT,
  WRONG_HOLDER,
} from '../sentences.ts';
import { byName, has, type SecretState, type Stage, slotOf, withStages } from '../state.ts';

/** The request of {@link assignStage}. */
export interface AssignStage {
  /** The name of the stage, which can be new. */
  readonly stage: string;
  /** The version that the stage moves to. It must exist. */
  readonly versionId: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /**
   * The version that the stage must be on now, or null if it must be on no version. If omitted, this is not checked.
   */
  readonly from?: string | null | undefined;
}

/** The codes with which {@link assignStage} refuses. */
export type AssignStageCode =
  | 'INVALID_STATE'
  | 'WRONG_DIALECT'
  | 'SECRET_NOT_ENABLED'
  | 'INVALID_VALUE'
  | 'UNKNOWN_VERSION'
  | 'WRONG_HOLDER'
  | 'HOLDER_NOT_NAMED'
  | 'STAGE_LIMIT';

/**
 * Moves a stage to a version, or creates it there. The stage leaves the version that it was on. If no other stage marks
 * that version, it is deprecated. Every other stage stays where it is, unless the previous stage follows a moved
 * current stage (`stages.previousFollows: 'any-move'`).
 *
 * Refuses, in this order: `state` is not a state (INVALID_STATE); the secret belongs to another dialect
 * (WRONG_DIALECT); it is not ENABLED (SECRET_NOT_ENABLED); `at`, `stage`, `versionId` or `from` is missing or invalid
 * (INVALID_VALUE); the version does not exist (UNKNOWN_VERSION); the stage is not on `from` (WRONG_HOLDER); it is on
 * another version, `from` is omitted, and the dialect requires it (`stages.move: 'from-the-named-holder'`,
 * HOLDER_NOT_NAMED); the secret would exceed its limit of stages (STAGE_LIMIT). Moving a stage that exists is always
 * within the limit, unless the previous stage is created by it.
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
export function assignStage(state: SecretState, request: AssignStage, dialect: Dialect = huaweiCsms): SecretState {
  return orThrow(tryAssignStage(state, request, dialect), {
    INVALID_STATE,
    WRONG_DIALECT,
    SECRET_NOT_ENABLED,
    INVALID_VALUE,
    UNKNOWN_VERSION,
    WRONG_HOLDER,
    HOLDER_NOT_NAMED,
    STAGE_LIMIT,
  });
}

/** Does the same as {@link assignStage}, and returns a refusal instead of throwing it. It never throws. */
export function tryAssignStage(
  state: SecretState,
  request: AssignStage,
  dialect: Dialect = huaweiCsms,
): Outcome<AssignStageCode> {
  const foreign = whyForeign(state, dialect);
  if (foreign) return refuse(foreign);
  // The copy is searched, too: optimised code reads an element of a frozen list by a call (Builtins_KeyedLoadIC in a
  // profile), which costs five times as much as in any other list. A copy costs as much as two of these reads.
  const stages = [...state.stages];
  const moved = moveStage(state, stages, request, dialect, Object.freeze);
  return typeof moved === 'object' ? refuse(moved) : done(moved ? withStages(state, stages) : state);
}

/**
 * Moves a stage in a list that is not frozen yet. Returns whether anything changed, or the refusal. A batch makes many
 * moves on one list, and freezes it and its stages once.
 */
export function moveStage(
  { status, versions }: SecretState,
  stages: Stage[],
  request: AssignStage,
  { stages: rules }: Dialect,
  seal: (stage: Stage) => Stage,
): boolean | Refusal<AssignStageCode> {
  if (status !== 'ENABLED') return { code: 'SECRET_NOT_ENABLED', status };
  const { stage, versionId, at, from }: Partial<AssignStage> = request ?? {};
  if (!isTime(at)) return invalidTime('at', at);

  const slot = slotOf(stages, stage);
  const held = stages[slot];
  if (stage === undefined || (!held && !fits(stage, rules.name)))
    return invalidValue('stage', stage, patternRule(rules.name));
  if (typeof versionId !== 'string') return invalidValue('versionId', versionId, 'a string');
  const holder = held ? held.versionId : null;
  const isWrong = from !== holder && from !== undefined;
  if (isWrong && from !== null && typeof from !== 'string') return invalidValue('from', from, 'a string or null');
  if (!has(versions, versionId)) return { code: 'UNKNOWN_VERSION', versionId, versions };
  if (isWrong) return { code: 'WRONG_HOLDER', stage, from, holder };
  const isElsewhere = holder !== null && holder !== versionId;
  if (isElsewhere && from === undefined && rules.move === 'from-the-named-holder')
    return { code: 'HOLDER_NOT_NAMED', stage, holder };
  if (!isElsewhere && held?.updateTime === at) return false;

  const follows = isElsewhere && stage === rules.current && rules.previousFollows === 'any-move';
  const follower = follows ? rules.previous : null;
  const followerSlot = follower === null ? slot : slotOf(stages, follower);
  const newcomer = held ? !stages[followerSlot] && follower : stage;
  if (newcomer && !areStages(stages)) return notAState;
  if (newcomer && counts(newcomer, rules) && stagesLeft(stages, rules) < 1)
    return { code: 'STAGE_LIMIT', stage: newcomer, limit: rules.limit, stages };

  stages[slot] = seal({ name: stage, versionId, updateTime: at });
  if (isElsewhere && follower !== null)
    stages[followerSlot] = seal({ name: follower, versionId: holder, updateTime: at });
  if (newcomer) stages.sort(byName);
  return true;
}
