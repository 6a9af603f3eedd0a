import { enablePatches, freeze, type Patch, produceWithPatches } from 'immer';
import type { SecretState } from '../state.ts';
import { type JsonPatch, pointerTo } from './json-patch.ts';
import { redraft } from './redraft.ts';

enablePatches();

/** A change as patches: to the state after it, and back to the one before it. */
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
