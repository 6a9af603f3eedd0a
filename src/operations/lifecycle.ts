import type { Dialect } from '../dialect.ts';
import { csms } from '../dialects/huawei-csms.ts';
import { type Decision, type Outcome, orThrow, outcomeOf, refuseValue } from '../refusal.ts';
import { change, isTime, type SecretState, type SecretStatus, timeRule } from '../state.ts';

export const millisecondsADay = 86_400_000;

/** What {@link scheduleDeletion} takes. */
export interface ScheduleDeletion {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Days from `at` to the deletion: 7 to 30 in CSMS, and 30 if left out. */
  readonly recoveryWindowInDays?: number | undefined;
}

/** What {@link restore} takes. */
export interface Restore {
  /** Epoch milliseconds. A restored secret keeps no trace of it; a history does. */
  readonly at: number;
}

/** What {@link setStatus} takes. */
export interface SetStatus {
  /** PENDING_DELETE is not among them: `scheduleDeletion` and `restore` lead there and back. */
  readonly status: Exclude<SecretStatus, 'PENDING_DELETE'>;
  /** Epoch milliseconds. The secret keeps no trace of it; a history does. */
  readonly at: number;
}

/** Why {@link scheduleDeletion} may be refused. */
export type ScheduleDeletionCode =
  | 'ACTION_NOT_OFFERED'
  | 'DELETION_ALREADY_SCHEDULED'
  | 'SECRET_NOT_ENABLED'
  | 'INVALID_VALUE';

/**
 * Schedules the deletion of the secret: PENDING_DELETE from now on, until it is deleted or restored.
 *
 * Refused, in this order: the dialect schedules no deletion (`recoveryWindowInDays`, ACTION_NOT_OFFERED); it is scheduled
 * already (DELETION_ALREADY_SCHEDULED); the secret is not ENABLED, if the dialect minds (`deletionNeedsEnabled`,
 * SECRET_NOT_ENABLED); the window or the time is none (INVALID_VALUE).
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
export const scheduleDeletion = (state: SecretState, request: ScheduleDeletion, dialect: Dialect = csms): SecretState =>
  orThrow(decideScheduleDeletion(state, request, dialect));

/** {@link scheduleDeletion} that returns a refusal instead of throwing it. */
export const tryScheduleDeletion = (
  state: SecretState,
  request: ScheduleDeletion,
  dialect: Dialect = csms,
): Outcome<ScheduleDeletionCode> => outcomeOf(decideScheduleDeletion(state, request, dialect));

export const decideScheduleDeletion = (
  state: SecretState,
  { at, recoveryWindowInDays }: ScheduleDeletion,
  dialect: Dialect,
): Decision<ScheduleDeletionCode> => {
  const { status, scheduledDeleteTime } = state;
  const window = dialect.recoveryWindowInDays;
  if (window === null) return { code: 'ACTION_NOT_OFFERED', action: 'scheduleDeletion', dialect: dialect.name };
  if (status === 'PENDING_DELETE') return { code: 'DELETION_ALREADY_SCHEDULED', scheduledDeleteTime };
  if (status !== 'ENABLED' && dialect.deletionNeedsEnabled) return { code: 'SECRET_NOT_ENABLED', status: state.status };

  const { least, most, usual } = window;
  const days = recoveryWindowInDays === undefined ? usual : recoveryWindowInDays;
  if (!Number.isInteger(days) || days < least || days > most) {
    return refuseValue('recoveryWindowInDays', days, `a whole number from ${least} to ${most}`);
  }
  if (!isTime(at)) return refuseValue('at', at, timeRule);
  const due = at + days * millisecondsADay;
  if (!isTime(due)) return refuseValue('at', at, 'early enough for the deletion to have a time');
  return change(state, { status: 'PENDING_DELETE', scheduledDeleteTime: due });
};

/** Why {@link restore} may be refused. */
export type RestoreCode = 'DELETION_NOT_SCHEDULED' | 'INVALID_VALUE';

/**
 * Calls the scheduled deletion off: the secret is ENABLED again, with all its versions and stages.
 *
 * Refused, in this order: no deletion is scheduled (DELETION_NOT_SCHEDULED); the time is none (INVALID_VALUE).
 *
 * Source: CSMS API reference, RestoreSecret (documented: the secret «will become available», whatever it was before).
 *
 * @throws {StageRefusedError} with the refusal; {@link tryRestore} returns it instead.
 *
 * @example
 * const pending = scheduleDeletion(createSecret({ name: 'db', at: 0 }), { at: 0 });
 * restore(pending, { at: 1000 }).status; // 'ENABLED'
 */
export const restore = (state: SecretState, request: Restore): SecretState => orThrow(decideRestore(state, request));

/** {@link restore} that returns a refusal instead of throwing it. */
export const tryRestore = (state: SecretState, request: Restore): Outcome<RestoreCode> =>
  outcomeOf(decideRestore(state, request));

export const decideRestore = (state: SecretState, { at }: Restore): Decision<RestoreCode> => {
  if (state.status !== 'PENDING_DELETE') return { code: 'DELETION_NOT_SCHEDULED', status: state.status };
  if (!isTime(at)) return refuseValue('at', at, timeRule);
  return change(state, { status: 'ENABLED', scheduledDeleteTime: null });
};

/** Why {@link setStatus} may be refused. */
export type SetStatusCode = 'SECRET_NOT_ENABLED' | 'INVALID_VALUE';

/**
 * Enables, disables or freezes a secret: what befalls it from outside the calls of this model.
 *
 * Refused, in this order: a deletion is scheduled (SECRET_NOT_ENABLED); the time is none, or the status is none that the
 * dialect has and that can be set: in CSMS ENABLED, DISABLED and FROZEN (INVALID_VALUE).
 *
 * Source: CSMS API reference, DeleteSecretForSchedule, for the statuses (documented); how a secret gets from one to the
 * other is assumed.
 *
 * @throws {StageRefusedError} with the refusal; {@link trySetStatus} returns it instead.
 *
 * @example
 * const disabled = setStatus(createSecret({ name: 'db', at: 0 }), { status: 'DISABLED', at: 1000 });
 * tryCreateVersion(disabled, { at: 2000 }).ok; // false
 */
export const setStatus = (state: SecretState, request: SetStatus, dialect: Dialect = csms): SecretState =>
  orThrow(decideSetStatus(state, request, dialect));

/** {@link setStatus} that returns a refusal instead of throwing it. */
export const trySetStatus = (state: SecretState, request: SetStatus, dialect: Dialect = csms): Outcome<SetStatusCode> =>
  outcomeOf(decideSetStatus(state, request, dialect));

export const decideSetStatus = (
  state: SecretState,
  { status, at }: SetStatus,
  { statuses }: Dialect,
): Decision<SetStatusCode> => {
  const settable = statuses.filter((known) => known !== 'PENDING_DELETE');
  if (state.status === 'PENDING_DELETE') return { code: 'SECRET_NOT_ENABLED', status: state.status };
  if (!isTime(at)) return refuseValue('at', at, timeRule);
  if (!settable.some((known) => known === status))
    return refuseValue('status', status, `one of ${settable.join(', ')}`);
  return status === state.status ? state : change(state, { status });
};
