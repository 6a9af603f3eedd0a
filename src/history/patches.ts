import { freeze } from 'immer';
import { type Dialect, huaweiCsms } from '../dialects/index.ts';
import { foreignRefusal, frozenCopy, parseSecretState } from '../parse.ts';
import { type Outcome, refuse, refusedError } from '../refusal.ts';
import { INVALID_VALUE } from '../sentences.ts';
import { byOrdinal, type SecretState, versionsById } from '../state.ts';
import { type JsonPatch, patched, pointerTo } from './json-patch.ts';
import { mostOperations, patchLengthRule } from './limits.ts';

/** What every function that goes by the rules of a dialect takes besides. */
export interface HistoryOptions {
  /** The dialect that the secret belongs to. If omitted, CSMS. */
  readonly dialect?: Dialect | undefined;
}

/** Makes any state of a secret, and also `{}`, this one: in JSON Patch, to add a field that is there is to replace it. */
export function wholeOf(state: SecretState): JsonPatch {
  return freeze(
    Object.entries(state).map(([field, value]) => ({ op: 'add', path: pointerTo([field]), value })),
    true,
  );
}

/** The state that a patch of our own leads to. Versions that it does not touch are shared. */
export function follow(state: SecretState, patch: JsonPatch): SecretState {
  if (patch.length === 0) return state;
  const outcome = patched(state, patch);
  if (!outcome.ok) throw refusedError(outcome.refusal, { INVALID_VALUE });
  const document = outcome.document as SecretState;
  const { versions } = document;
  // The versions are those of the state and of the patch, frozen already.
  const kept = versions === state.versions ? versions : versionsById(Object.values(versions).sort(byOrdinal));
  return Object.freeze({ ...frozenCopy({ ...document, versions: {} }), versions: kept });
}

/**
 * Applies a patch from anywhere, of any operations of RFC 6902, and reads the result with the care of `parseSecretState`. A
 * replica that starts from `{}` or from an old state follows a secret by what `since` gives.
 *
 * Limits: 100,000 operations; paths of 100 keys; 1,000,000 values that `copy` makes; and only in a list of at most 10,000
 * elements can an operation insert or remove anywhere but at the end.
 *
 * Refuses, in this order: the document, or the secret that the patch makes of it, belongs to another dialect (WRONG_DIALECT);
 * the patch is not a JSON Patch, passes a limit, or cannot be applied (INVALID_VALUE, with the operation; nothing is half done);
 * the result is not a secret, or breaks a law (INVALID_STATE).
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
