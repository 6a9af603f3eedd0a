import { enablePatches, freeze, type Patch, produceWithPatches } from 'immer';
import { type Dialect, huaweiCsms } from '../dialects/index.ts';
import { foreignRefusal, frozenCopy, parseSecretState } from '../parse.ts';
import { type Outcome, refuse, refusedError } from '../refusal.ts';
import { INVALID_VALUE } from '../sentences.ts';
import type { SecretState } from '../state.ts';
import { type JsonPatch, patched, pointerTo } from './json-patch.ts';
import { redraft } from './redraft.ts';

enablePatches();

/** What every function that goes by the rules of a dialect takes besides. */
export interface HistoryOptions {
  /** The dialect that the secret belongs to. If omitted, CSMS. */
  readonly dialect?: Dialect | undefined;
}

export interface Patches {
  readonly forwards: JsonPatch;
  readonly backwards: JsonPatch;
}

/** What differs between two states of a secret, as patches both ways. */
export function patchesBetween(before: SecretState, after: SecretState): Patches {
  const [, forwards, backwards] = produceWithPatches(before, (draft) => redraft(draft, before, after));
  return { forwards: toJsonPatch(forwards), backwards: toJsonPatch(backwards) };
}

function toJsonPatch(patches: readonly Patch[]): JsonPatch {
  const standard = patches.map(({ op, path, value }) =>
    op === 'remove' ? { op, path: pointerTo(path) } : { op, path: pointerTo(path), value },
  );
  return freeze(standard, true);
}

/** Makes any state of a secret, and also `{}`, this one: in JSON Patch, to add a field that is there is to replace it. */
export function wholeOf(state: SecretState): JsonPatch {
  return freeze(
    Object.entries(state).map(([field, value]) => ({ op: 'add', path: pointerTo([field]), value })),
    true,
  );
}

/** The state that a patch of our own leads to. */
export function follow(state: SecretState, patch: JsonPatch): SecretState {
  const outcome = patched(state, patch);
  if (!outcome.ok) throw refusedError(outcome.refusal, { INVALID_VALUE });
  return frozenCopy(outcome.document as SecretState);
}

/**
 * Applies a patch from anywhere, of any operations of RFC 6902, and reads the result with the care of `parseSecretState`. A
 * replica that starts from `{}` or from an old state follows a secret by what `since` gives.
 *
 * Refuses, in this order: the document, or the secret that the patch makes of it, belongs to another dialect (WRONG_DIALECT);
 * the patch is not a JSON Patch, or cannot be applied (INVALID_VALUE, with the operation; nothing is half done); the result is
 * not a secret, or breaks a law (INVALID_STATE).
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
  const outcome = patched(document, patch);
  return outcome.ok ? parseSecretState(outcome.document, dialect) : outcome;
}
