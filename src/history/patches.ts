import { freeze } from 'immer';
import { type Dialect, huaweiCsms } from '../dialects/index.ts';
import { foreignRefusal, frozenCopy, parseSecretState } from '../parse.ts';
import { type Outcome, refuse, refusedError } from '../refusal.ts';
import { INVALID_VALUE } from '../sentences.ts';
import { byOrdinal, type SecretState, versionsById } from '../state.ts';
import { type JsonPatch, patched, pointerTo } from './json-patch.ts';
import { mostOperations, patchLengthRule } from './limits.ts';

/** The options of functions that take a dialect. */
export interface HistoryOptions {
  /** The dialect that the secret belongs to. If omitted, CSMS. */
  readonly dialect?: Dialect | undefined;
}

/**
 * A patch from any state of a secret, or `{}`, to this state. In JSON Patch, adding a field that exists replaces it.
 */
export function wholeOf(state: SecretState): JsonPatch {
  return freeze(
    Object.entries(state).map(([field, value]) => ({ op: 'add', path: pointerTo([field]), value })),
    true,
  );
}

/** The state that a patch made by this library leads to. Unchanged versions are shared. */
export function follow(state: SecretState, patch: JsonPatch): SecretState {
  if (patch.length === 0) return state;
  const outcome = patched(state, patch);
  if (!outcome.ok) throw refusedError(outcome.refusal, { INVALID_VALUE });
  const document = outcome.document as SecretState;
  const { versions } = document;
  // The versions come from the state and the patch, and are frozen already.
  const kept = versions === state.versions ? versions : versionsById(Object.values(versions).sort(byOrdinal));
  return Object.freeze({ ...frozenCopy({ ...document, versions: {} }), versions: kept });
}

/**
 * Applies an untrusted patch with any operations of RFC 6902, and reads the result like `parseSecretState`. With the
 * patches of `since`, a replica that starts from `{}` or from an old state stays up to date.
 *
 * Limits: 100,000 operations; paths of 100 keys; 1,000,000 values created by `copy`; and lists of 10,000 elements if an
 * operation inserts or removes before the end.
 *
 * Refuses, in this order: the document belongs to another dialect (WRONG_DIALECT); the patch is not a JSON Patch,
 * exceeds a limit, or cannot be applied (INVALID_VALUE, with the operation); the patched secret belongs to another
 * dialect (WRONG_DIALECT); it is not a secret, or breaks a law (INVALID_STATE). A refused patch changes nothing.
 *
 * @example
 * const db = createSecret({ name: 'db', at: 0 });
 * const outcome = applyPatch(db, [{ op: 'replace', path: '/status', value: 'DISABLED' }]);
 * outcome.ok && outcome.state.status; // 'DISABLED'
 */
export function applyPatch(
  document: unknown,
  patch: unknown,
  { dialect = huaweiCsms }: HistoryOptions = {},
): Outcome<'WRONG_DIALECT' | 'INVALID_VALUE' | 'INVALID_STATE'> {
  const foreign = foreignRefusal(document, dialect);
  if (foreign) return refuse(foreign);
  if (Array.isArray(patch) && patch.length > mostOperations)
    return refuse({
      code: 'INVALID_VALUE',
      field: 'patch',
      rule: patchLengthRule,
      found: `${patch.length} operations`,
    });
  const outcome = patched(document, patch);
  return outcome.ok ? parseSecretState(outcome.document, dialect) : outcome;
}
