import { type Dialect, isRemovable } from '../dialect.ts';
import { csms } from '../dialects/huawei-csms.ts';
import { versionOf } from '../queries.ts';
import { asText, type Decision, type Outcome, orThrow, outcomeOf, refuseValue } from '../refusal.ts';
import { isTime, type SecretState, timeRule, withStages } from '../state.ts';

/** What {@link removeStage} takes. */
export interface RemoveStage {
  readonly stage: string;
  /** Epoch milliseconds. Nothing of a removed stage remains to carry it; a history does. */
  readonly at: number;
  /** The version that the stage must be on now. Left out: wherever it is. */
  readonly from?: string | undefined;
}

/** Why {@link removeStage} may be refused. */
export type RemoveStageCode =
  | 'SECRET_NOT_ENABLED'
  | 'INVALID_VALUE'
  | 'BUILT_IN_STAGE'
  | 'UNKNOWN_STAGE'
  | 'WRONG_HOLDER';

/**
 * Takes a stage off its version. If no other stage marks that version, it is deprecated from then on.
 *
 * Refused, in this order: the secret is not ENABLED (SECRET_NOT_ENABLED); the time is none (INVALID_VALUE); the stage is
 * built in, and not removable (BUILT_IN_STAGE); it is on no version (UNKNOWN_STAGE), or not on `from` (WRONG_HOLDER).
 *
 * Source: CSMS API reference, DeleteSecretStage (documented).
 *
 * @throws {StageRefusedError} with the refusal; {@link tryRemoveStage} returns it instead.
 *
 * @example
 * const marked = assignStage(createSecret({ name: 'db', at: 0 }), { stage: 'canary', versionId: 'v1', at: 1000 });
 * stagesOf(removeStage(marked, { stage: 'canary', at: 2000 }), 'v1'); // ['SYSCURRENT']
 */
export const removeStage = (state: SecretState, request: RemoveStage, dialect: Dialect = csms): SecretState =>
  orThrow(decideRemoveStage(state, request, dialect));

/** {@link removeStage} that returns a refusal instead of throwing it. */
export const tryRemoveStage = (
  state: SecretState,
  request: RemoveStage,
  dialect: Dialect = csms,
): Outcome<RemoveStageCode> => outcomeOf(decideRemoveStage(state, request, dialect));

export const decideRemoveStage = (
  state: SecretState,
  { stage, at, from }: RemoveStage,
  dialect: Dialect,
): Decision<RemoveStageCode> => {
  if (state.status !== 'ENABLED' && !dialect.stagesNeverRest)
    return { code: 'SECRET_NOT_ENABLED', status: state.status };
  if (!isTime(at)) return refuseValue('at', at, timeRule);

  const holder = versionOf(state, stage);
  if (!isRemovable(stage, dialect)) return { code: 'BUILT_IN_STAGE', stage, versionId: holder ?? null };
  if (holder === undefined) return { code: 'UNKNOWN_STAGE', stage: asText(stage), stages: state.stages };
  if (from !== undefined && from !== holder) return { code: 'WRONG_HOLDER', stage, from: asText(from), holder };

  return withStages(
    state,
    state.stages.filter((other) => other.name !== stage),
  );
};
