import { freeze } from 'immer';
import type { SecretAction } from '../operations/index.ts';
import type { SecretState } from '../state.ts';
import { type Patches, patchesBetween } from './patches-between.ts';

/** One action that changed something, and the patches to the state after it and back to the one before it. */
export interface Change extends Patches {
  /** The revision of the state after it. */
  readonly revision: number;
  /** Epoch milliseconds. A pruning has no time of its own, and counts as done right after the change before it. */
  readonly at: number;
  readonly action: SecretAction;
}

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
    action: freeze(JSON.parse(JSON.stringify(action)), true), // without what was left out
    ...patchesBetween(before, after),
  });
}
