import { whyForeign } from '../belongs.ts';
import { type Dialect, huaweiCsms, settableStatuses } from '../dialects/index.ts';
import { isTime } from '../limits.ts';
import { done, invalidTime, invalidValue, type Outcome, orThrow, refuse } from '../refusal.ts';
import { INVALID_STATE, INVALID_VALUE, SECRET_NOT_ENABLED, WRONG_DIALECT } from '../sentences.ts';
import { change, type SecretState, type SecretStatus } from '../state.ts';

/** The request of {@link setStatus}. */
export interface SetStatus {
  /** `scheduleDeletion` and `restore` lead to PENDING_DELETE and back. */
  readonly status: Exclude<SecretStatus, 'PENDING_DELETE'>;
  /** Epoch milliseconds. The secret does not keep it; a history does. */
  readonly at: number;
}

/** The codes with which {@link setStatus} refuses. */
export type SetStatusCode = 'INVALID_STATE' | 'WRONG_DIALECT' | 'SECRET_NOT_ENABLED' | 'INVALID_VALUE';

/**
 * Enables, disables or freezes a secret. These changes happen outside the calls that the model covers.
 *
 * Refuses, in this order: `state` is not a state (INVALID_STATE); the secret belongs to another dialect
 * (WRONG_DIALECT); its deletion is scheduled (SECRET_NOT_ENABLED); `at` is invalid, or the dialect does not have the
 * status (INVALID_VALUE). CSMS has ENABLED, DISABLED and FROZEN.
 *
 * Source: CSMS API reference, DeleteSecretForSchedule: the statuses (documented). How a secret changes between them is
 * assumed.
 *
 * @throws {StageRefusedError} with the refusal; {@link trySetStatus} returns it instead.
 *
 * @example
 * const disabled = setStatus(createSecret({ name: 'db', at: 0 }), { status: 'DISABLED', at: 1000 });
 * tryCreateVersion(disabled, { at: 2000 }).ok; // false
 */
export function setStatus(state: SecretState, request: SetStatus, dialect: Dialect = huaweiCsms): SecretState {
  return orThrow(trySetStatus(state, request, dialect), {
    INVALID_STATE,
    WRONG_DIALECT,
    SECRET_NOT_ENABLED,
    INVALID_VALUE,
  });
}

/** Does the same as {@link setStatus}, and returns a refusal instead of throwing it. It never throws. */
export function trySetStatus(
  state: SecretState,
  request: SetStatus,
  dialect: Dialect = huaweiCsms,
): Outcome<SetStatusCode> {
  const foreign = whyForeign(state, dialect);
  if (foreign) return refuse(foreign);
  const { status, at }: Partial<SetStatus> = request ?? {};
  if (state.status === 'PENDING_DELETE') return refuse({ code: 'SECRET_NOT_ENABLED', status: state.status });
  if (!isTime(at)) return refuse(invalidTime('at', at));
  const settable = settableStatuses(dialect.secret);
  if (!settable.some((known) => known === status))
    return refuse(invalidValue('status', status, `one of ${settable.join(', ')}`));
  return done(status === state.status ? state : change(state, { status }));
}
