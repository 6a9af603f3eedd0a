import { whyForeign } from '../belongs.ts';
import { type Dialect, huaweiCsms } from '../dialects/index.ts';
import { isTime, millisecondsADay } from '../limits.ts';
import { done, invalidTime, invalidValue, type Outcome, orThrow, refuse } from '../refusal.ts';
import {
  ACTION_NOT_OFFERED,
  DELETION_ALREADY_SCHEDULED,
  INVALID_STATE,
  INVALID_VALUE,
  WRONG_DIALECT,
} from '../sentences.ts';
import { change, type SecretState } from '../state.ts';

/** The request of {@link scheduleDeletion}. */
export interface ScheduleDeletion {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Days from `at` to the deletion: 7 to 30 in CSMS, and 30 if omitted. */
  readonly recoveryWindowInDays?: number | undefined;
}

/** The codes with which {@link scheduleDeletion} refuses. */
export type ScheduleDeletionCode =
  | 'INVALID_STATE'
  | 'WRONG_DIALECT'
  | 'ACTION_NOT_OFFERED'
  | 'DELETION_ALREADY_SCHEDULED'
  | 'INVALID_VALUE';

/**
 * Schedules the deletion of a secret, which is PENDING_DELETE until it is deleted or restored.
 *
 * Refuses, in this order: `state` is not a state (INVALID_STATE); the secret belongs to another dialect
 * (WRONG_DIALECT); the dialect does not support scheduled deletions (`secret.deletionDays` is null,
 * ACTION_NOT_OFFERED); the deletion is already scheduled (DELETION_ALREADY_SCHEDULED); `recoveryWindowInDays` or `at`
 * is invalid (INVALID_VALUE).
 *
 * Source: CSMS API reference, DeleteSecretForSchedule (documented).
 *
 * @throws {StageRefusedError} with the refusal; {@link tryScheduleDeletion} returns it instead.
 *
 * @example
 * const state = scheduleDeletion(createSecret({ name: 'db', at: 0 }), { at: 0, recoveryWindowInDays: 7 });
 * state.status; // 'PENDING_DELETE'
 * state.scheduledDeleteTime; // 604800000
 */
export function scheduleDeletion(
  state: SecretState,
  request: ScheduleDeletion,
  dialect: Dialect = huaweiCsms,
): SecretState {
  return orThrow(tryScheduleDeletion(state, request, dialect), {
    INVALID_STATE,
    WRONG_DIALECT,
    ACTION_NOT_OFFERED,
    DELETION_ALREADY_SCHEDULED,
    INVALID_VALUE,
  });
}

/** Does the same as {@link scheduleDeletion}, and returns a refusal instead of throwing it. It never throws. */
export function tryScheduleDeletion(
  state: SecretState,
  request: ScheduleDeletion,
  dialect: Dialect = huaweiCsms,
): Outcome<ScheduleDeletionCode> {
  const foreign = whyForeign(state, dialect);
  if (foreign) return refuse(foreign);
  const { at, recoveryWindowInDays }: Partial<ScheduleDeletion> = request ?? {};
  const { status, scheduledDeleteTime } = state;
  const window = dialect.secret.deletionDays;
  if (window === null)
    return refuse({ code: 'ACTION_NOT_OFFERED', action: 'scheduleDeletion', dialect: dialect.title });
  if (status === 'PENDING_DELETE') return refuse({ code: 'DELETION_ALREADY_SCHEDULED', scheduledDeleteTime });

  const { least, usual, most } = window;
  const days = recoveryWindowInDays === undefined ? usual : recoveryWindowInDays;
  if (!Number.isInteger(days) || days < least || days > most) {
    return refuse(invalidValue('recoveryWindowInDays', days, `a whole number from ${least} to ${most}`));
  }
  if (!isTime(at)) return refuse(invalidTime('at', at));
  const due = at + days * millisecondsADay;
  if (!isTime(due)) return refuse(invalidValue('at', at, 'early enough for the deletion to have a time'));
  return done(change(state, { status: 'PENDING_DELETE', scheduledDeleteTime: due }));
}
