import { freeze } from 'immer';
import type { SecretState, Stage, Versions } from '../state.ts';
import { type JsonPatch, type JsonPatchOperation, pointerTo } from './json-patch.ts';
import { hasUntouchable } from './redraft.ts';

/** A change as patches: to the state after it, and back to the one before it. */
export interface Patches {
  readonly forwards: JsonPatch;
  readonly backwards: JsonPatch;
}

/** What differs between two states of a secret, as patches both ways. */
export function patchesBetween(before: SecretState, after: SecretState): Patches {
  const edits = [...versionEdits(before.versions, after.versions), ...fieldEdits(before, after)];
  return freeze(
    {
      forwards: [...stageOperations(before.stages, after.stages), ...edits.map(operationOf)],
      backwards: [
        ...stageOperations(after.stages, before.stages),
        ...edits.map(({ keys, old, now }) => operationOf({ keys, old: now, now: old })),
      ],
    },
    true,
  );
}

/** What is at a place in each of two states; undefined is nothing. */
interface Edit {
  readonly keys: readonly string[];
  readonly old: unknown;
  readonly now: unknown;
}

function operationOf({ keys, old, now }: Edit): JsonPatchOperation {
  const path = pointerTo(keys);
  if (now === undefined) return { op: 'remove', path };
  return { op: old === undefined ? 'add' : 'replace', path, value: now };
}

function versionEdits(before: Versions, after: Versions): readonly Edit[] {
  if (before === after) return [];
  const edits: Edit[] = [];
  for (const id of Object.keys(before)) {
    if (!Object.hasOwn(after, id)) edits.push({ keys: ['versions', id], old: before[id], now: undefined });
  }
  for (const id of Object.keys(after)) {
    const old = Object.hasOwn(before, id) ? before[id] : undefined;
    if (old !== after[id]) edits.push({ keys: ['versions', id], old, now: after[id] });
  }
  const isWhole = edits.length > 0 && (hasUntouchable(before) || hasUntouchable(after));
  return isWhole ? [{ keys: ['versions'], old: before, now: after }] : edits;
}

function* fieldEdits(before: SecretState, after: SecretState): Generator<Edit> {
  for (const field of ['name', 'dialect', 'status', 'scheduledDeleteTime', 'versionsMade', 'lastNumber'] as const) {
    if (before[field] !== after[field]) yield { keys: [field], old: before[field], now: after[field] };
  }
}

/** From one list to the other, slot by slot, and then at the end alone, where nothing is shifted. */
function* stageOperations(olds: readonly Stage[], nows: readonly Stage[]): Generator<JsonPatchOperation> {
  for (const [slot, now] of nows.entries()) {
    if (olds[slot] !== now) yield operationOf({ keys: ['stages', `${slot}`], old: olds[slot], now });
  }
  for (let slot = olds.length - 1; slot >= nows.length; slot--) yield { op: 'remove', path: `/stages/${slot}` };
}
