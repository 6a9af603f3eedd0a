import { type SecretState, type SecretVersion, type Stage, type Versions, versionsById } from '../state.ts';

/**
 * A secret that actions change in place, one after another, and that is frozen once in the end. A move costs a third of what it
 * costs alone. A new version costs nothing for the versions that exist.
 */
export interface Batch {
  readonly before: SecretState;
  readonly draft: Draft;
  /** The versions of the draft, if they are the batch's own copy. */
  own?: Versions | undefined;
}

/** A state that is still being made. */
export type Draft = { -readonly [Field in keyof SecretState]: SecretState[Field] } & { stages: Stage[] };

export function startBatch(before: SecretState): Batch {
  return { before, draft: { ...before, stages: [...before.stages] } };
}

/** The secret as it is now. It is not frozen and changes with the next action, so read it and do not keep it. */
export function stateIn({ draft }: Batch): SecretState {
  return draft;
}

/** Adds a version to the draft, and takes out the one that makes room for it. */
export function putVersion(batch: Batch, version: SecretVersion, toDelete: SecretVersion | undefined): void {
  const { draft } = batch;
  if (toDelete) {
    // A `delete` would make the record slow to read. Only a dialect with a limit comes here, so there are few versions.
    draft.versions = versionsById([...Object.values(draft.versions).filter((other) => other !== toDelete), version]);
  } else if (batch.own !== undefined && batch.own === draft.versions) {
    // The id may be `__proto__`, which an assignment would lose.
    Object.defineProperty(draft.versions, version.id, { value: version, enumerable: true });
  } else {
    draft.versions = batch.own = { ...draft.versions, [version.id]: version };
  }
}

/** The state in the end. It shares everything that did not change with the state before. */
export function endBatch({ before, draft, own }: Batch): SecretState {
  if (own !== undefined && own === draft.versions) Object.freeze(own);
  const old = new Set(before.stages);
  for (const stage of draft.stages) if (!old.has(stage)) Object.freeze(stage);
  // A copy drops the spare room that a grown list has: a fifth of the weight of a small secret.
  return Object.freeze({ ...draft, stages: Object.freeze([...draft.stages]) });
}
