import { whyForeign } from '../belongs.ts';
import { type Dialect, huaweiCsms } from '../dialects/index.ts';
import { isTime } from '../limits.ts';
import { done, invalidTime, type Outcome, orThrow, refuse } from '../refusal.ts';
import { DELETION_NOT_SCHEDULED, INVALID_STATE, INVALID_VALUE, WRONG_DIALECT } from '../sentences.ts';
import { change, type SecretState } from '../state.ts';

/** The request of {@link restore}. */
export interface Restore {
  /** Epoch milliseconds. The secret does not keep it; a history does. */
  readonly at: number;
}

/** The codes with which {@link restore} refuses. */
export type RestoreCode = 'INVALID_STATE' | 'WRONG_DIALECT' | 'DELETION_NOT_SCHEDULED' | 'INVALID_VALUE';

/**
 * Cancels a scheduled deletion. The secret is ENABLED again, with all its versions and stages.
 *
 * Refuses, in this order: `state` is not a state (INVALID_STATE); the secret belongs to another dialect
 * (WRONG_DIALECT); no deletion is scheduled (DELETION_NOT_SCHEDULED); `at` is invalid (INVALID_VALUE).
 *
 * Source: CSMS API reference, RestoreSecret (documented: the secret "will become available", whatever its status was
 * before).
 *
 * @throws {StageRefusedError} with the refusal; {@link tryRestore} returns it instead.
 *
 * @example
 * const pending = scheduleDeletion(createSecret({ name: 'db', at: 0 }), { at: 0 });
 * restore(pending, { at: 1000 }).status; // 'ENABLED'
 */
export function restore(state: SecretState, request: Restore, dialect: Dialect = huaweiCsms): SecretState {
  return orThrow(tryRestore(state, request, dialect), {
    INVALID_STATE,
    WRONG_DIALECT,
    DELETION_NOT_SCHEDULED,
    INVALID_VALUE,
  });
}

/** Does the same as {@link restore}, and returns a refusal instead of throwing it. It never throws. */
export function tryRestore(state: SecretState, request: Restore, dialect: Dialect = huaweiCsms): Outcome<RestoreCode> {
  const foreign = whyForeign(state, dialect);
  if (foreign) return refuse(foreign);
  const { at }: Partial<Restore> = request ?? {};
  if (state.status !== 'PENDING_DELETE') return refuse({ code: 'DELETION_NOT_SCHEDULED', status: state.status });
  if (!isTime(at)) return refuse(invalidTime('at', at));
  return done(change(state, { status: 'ENABLED', scheduledDeleteTime: null }));
}
