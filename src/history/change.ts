import { enablePatches, freeze, type Patch, produceWithPatches } from 'immer';
import type { SecretAction } from '../operations/index.ts';
import type { SecretState } from '../state.ts';
import { type JsonPatch, pointerTo } from './json-patch.ts';
import { redraft } from './redraft.ts';

enablePatches();

/** An action that changed something, and the patches to the state after it and back to the state before it. */
export interface Change {
  /** The revision of the state after it. */
  readonly revision: number;
  /** Epoch milliseconds. A pruning has no time, so it has the time of the change before it. */
  readonly at: number;
  /** The action, without unknown fields. */
  readonly action: SecretAction;
  /** From the state before it to the state after it. */
  readonly forwards: JsonPatch;
  /** From the state after it to the state before it. */
  readonly backwards: JsonPatch;
}

/** A change in untrusted data, before it is checked. */
export interface Claim {
  readonly revision: number;
  readonly at: number;
  readonly action: { readonly type: string };
  readonly forwards: readonly unknown[];
  readonly backwards: readonly unknown[];
}

/** What the `backwards` patches of a change must be. */
export const toBefore = 'patches that lead to the secret before the change';

/** The change of an action. `last` is the change before it. The action must not have unknown fields. */
export function changeOf(
  action: SecretAction,
  last: { readonly revision: number; readonly at: number },
  before: SecretState,
  after: SecretState,
): Change {
  return Object.freeze({
    revision: last.revision + 1,
    at: 'at' in action ? action.at : last.at,
    // The round trip drops optional fields that are undefined.
    action: freeze(JSON.parse(JSON.stringify(action)), true),
    ...patchesBetween(before, after),
  });
}

/** The differences between two states of a secret, as patches in both directions. */
function patchesBetween(before: SecretState, after: SecretState): Pick<Change, 'forwards' | 'backwards'> {
  const [, forwards, backwards] = produceWithPatches(before, (draft) => redraft(draft, before, after));
  return { forwards: toJsonPatch(forwards), backwards: toJsonPatch(backwards) };
}

function toJsonPatch(patches: readonly Patch[]): JsonPatch {
  const standard = patches.map(({ op, path, value }) =>
    op === 'remove' ? { op, path: pointerTo(path) } : { op, path: pointerTo(path), value },
  );
  return freeze(standard, true);
}
