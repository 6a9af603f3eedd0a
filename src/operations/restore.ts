import { type Dialect, huaweiCsms } from '../dialects/index.ts';
import { isTime, timeRule } from '../limits.ts';
import { done, invalidValue, type Outcome, orThrow, refuse, wrongDialect } from '../refusal.ts';
import { change, type SecretState } from '../state.ts';

/** What {@link restore} takes. */
export interface Restore {
  /** Epoch milliseconds. The restored secret does not keep it; a history does. */
  readonly at: number;
}

/** Why {@link restore} may be refused. */
export type RestoreCode = 'WRONG_DIALECT' | 'DELETION_NOT_SCHEDULED' | 'INVALID_VALUE';

/**
 * Cancels the scheduled deletion: the secret is ENABLED again, with all its versions and stages.
 *
 * Refuses, in this order: the secret belongs to another dialect (WRONG_DIALECT); no deletion is scheduled
 * (DELETION_NOT_SCHEDULED); `at` is invalid (INVALID_VALUE).
 *
 * Source: CSMS API reference, RestoreSecret (documented: the secret "will become available", whatever it was before).
 *
 * @throws {StageRefusedError} with the refusal; {@link tryRestore} returns it instead.
 *
 * @example
 * const pending = scheduleDeletion(createSecret({ name: 'db', at: 0 }), { at: 0 });
 * restore(pending, { at: 1000 }).status; // 'ENABLED'
 */
export function restore(state: SecretState, request: Restore, dialect: Dialect = huaweiCsms): SecretState {
  return orThrow(tryRestore(state, request, dialect));
}

/** {@link restore} that returns a refusal instead of throwing it. */
export function tryRestore(state: SecretState, request: Restore, dialect: Dialect = huaweiCsms): Outcome<RestoreCode> {
  if (state.dialect !== dialect.id) return refuse(wrongDialect(state, dialect));
  const { at } = request;
  if (state.status !== 'PENDING_DELETE') return refuse({ code: 'DELETION_NOT_SCHEDULED', status: state.status });
  if (!isTime(at)) return refuse(invalidValue('at', at, timeRule));
  return done(change(state, { status: 'ENABLED', scheduledDeleteTime: null }));
}
