import { areStages, notAState, whyForeign } from '../belongs.ts';
import { type Dialect, huaweiCsms, isPermanent } from '../dialects/index.ts';
import { isTime } from '../limits.ts';
import { done, invalidTime, invalidValue, type Outcome, orThrow, refuse } from '../refusal.ts';
import {
  BUILT_IN_STAGE,
  INVALID_STATE,
  INVALID_VALUE,
  SECRET_NOT_ENABLED,
  UNKNOWN_STAGE,
  WRONG_DIALECT,
  WRONG_HOLDER,
} from '../sentences.ts';
import { type SecretState, withStages } from '../state.ts';

/** The request of {@link removeStage}. */
export interface RemoveStage {
  /** The name of the stage. */
  readonly stage: string;
  /** Epoch milliseconds. The secret does not keep it; a history does. */
  readonly at: number;
  /** The version that the stage must be on now. If omitted, this is not checked. */
  readonly from?: string | undefined;
}

/** The codes with which {@link removeStage} refuses. */
export type RemoveStageCode =
  | 'INVALID_STATE'
  | 'WRONG_DIALECT'
  | 'SECRET_NOT_ENABLED'
  | 'INVALID_VALUE'
  | 'BUILT_IN_STAGE'
  | 'UNKNOWN_STAGE'
  | 'WRONG_HOLDER';

/**
 * Removes a stage from its version. If no other stage marks that version, it is deprecated.
 *
 * Refuses, in this order: `state` is not a state (INVALID_STATE); the secret belongs to another dialect
 * (WRONG_DIALECT); it is not ENABLED (SECRET_NOT_ENABLED); `at`, `stage` or `from` is missing or invalid
 * (INVALID_VALUE); the stage is built in and can only move (BUILT_IN_STAGE); it is on no version (UNKNOWN_STAGE), or
 * not on `from` (WRONG_HOLDER).
 *
 * Source: CSMS API reference, DeleteSecretStage (documented).
 *
 * @throws {StageRefusedError} with the refusal; {@link tryRemoveStage} returns it instead.
 *
 * @example
 * const marked = assignStage(createSecret({ name: 'db', at: 0 }), { stage: 'canary', versionId: 'v1', at: 1000 });
 * stagesOf(removeStage(marked, { stage: 'canary', at: 2000 }), 'v1'); // ['SYSCURRENT']
 */
export function removeStage(state: SecretState, request: RemoveStage, dialect: Dialect = huaweiCsms): SecretState {
  return orThrow(tryRemoveStage(state, request, dialect), {
    INVALID_STATE,
    WRONG_DIALECT,
    SECRET_NOT_ENABLED,
    INVALID_VALUE,
    BUILT_IN_STAGE,
    UNKNOWN_STAGE,
    WRONG_HOLDER,
  });
}

/** Does the same as {@link removeStage}, and returns a refusal instead of throwing it. It never throws. */
export function tryRemoveStage(
  state: SecretState,
  request: RemoveStage,
  dialect: Dialect = huaweiCsms,
): Outcome<RemoveStageCode> {
  const foreign = whyForeign(state, dialect);
  if (foreign) return refuse(foreign);
  const before = [...state.stages];
  if (!areStages(before)) return refuse(notAState);
  const { stage, at, from }: Partial<RemoveStage> = request ?? {};
  if (state.status !== 'ENABLED') return refuse({ code: 'SECRET_NOT_ENABLED', status: state.status });
  if (!isTime(at)) return refuse(invalidTime('at', at));
  if (typeof stage !== 'string') return refuse(invalidValue('stage', stage, 'a string'));
  if (from !== undefined && typeof from !== 'string') return refuse(invalidValue('from', from, 'a string'));

  const holder = before.find(({ name }) => name === stage)?.versionId;
  if (isPermanent(stage, dialect.stages)) return refuse({ code: 'BUILT_IN_STAGE', stage, versionId: holder ?? null });
  if (holder === undefined) return refuse({ code: 'UNKNOWN_STAGE', stage, stages: state.stages });
  if (from !== undefined && from !== holder) return refuse({ code: 'WRONG_HOLDER', stage, from, holder });

  const stages = before.filter((other) => other.name !== stage);
  return done(withStages(state, stages));
}
