import { enablePatches, freeze, type Patch, produceWithPatches } from 'immer';
import type { SecretAction } from '../operations/index.ts';
import type { SecretState } from '../state.ts';
import { type JsonPatch, pointerTo } from './json-patch.ts';
import { redraft } from './redraft.ts';

enablePatches();

/** A change as patches: to the state after it, and back to the one before it. */
interface Patches {
  readonly forwards: JsonPatch;
  readonly backwards: JsonPatch;
}

/** One action that changed something, and the patches to the state after it and back to the one before it. */
export interface Change extends Patches {
  /** The revision of the state after it. */
  readonly revision: number;
  /** Epoch milliseconds. A pruning has no time of its own, and counts as done right after the change before it. */
  readonly at: number;
  readonly action: SecretAction;
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
export const toBefore = 'patches to the secret before the change';

/** The change that an action made, after another of that revision and time. The action has no fields but its own. */
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

/** What differs between two states of a secret, as patches both ways. */
function patchesBetween(before: SecretState, after: SecretState): Patches {
  const [, forwards, backwards] = produceWithPatches(before, (draft) => redraft(draft, before, after));
  return { forwards: toJsonPatch(forwards), backwards: toJsonPatch(backwards) };
}

function toJsonPatch(patches: readonly Patch[]): JsonPatch {
  const standard = patches.map(({ op, path, value }) =>
    op === 'remove' ? { op, path: pointerTo(path) } : { op, path: pointerTo(path), value },
  );
  return freeze(standard, true);
}
