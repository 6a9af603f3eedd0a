import { has, type SecretState, type Stage, type Versions, withStages } from '../state.ts';
import { type Addition, withVersion } from './create-version.ts';

/**
 * A secret that actions change in place, and that is frozen once at the end. A move costs a third of what it costs
 * alone. The cost of a new version does not grow with the versions that exist.
 */
export interface Batch {
  readonly draft: Draft;
  /** The stages before the batch. */
  readonly before: readonly Stage[];
  /** The versions of the draft, once the batch has made its own copy. */
  own?: Versions | undefined;
}

/** A state that is not frozen yet. */
type Draft = { -readonly [Field in keyof SecretState]: SecretState[Field] } & { stages: Stage[] };

export function startBatch(state: SecretState): Batch {
  return { draft: { ...state, stages: [...state.stages] }, before: [...state.stages] };
}

/** The secret as it is now. It is not frozen and changes with the next action, so do not keep it. */
export function stateIn({ draft }: Batch): SecretState {
  return draft;
}

/** Adds a version to the draft, or gives one its value. */
export function putVersion(batch: Batch, { version, toDelete, stages, versionsMade, lastNumber }: Addition): void {
  const { draft } = batch;
  if (toDelete || has(draft.versions, version.id)) {
    // This copies all versions. They are few in the clouds that delete or fill one, because these have a limit.
    draft.versions = withVersion(draft.versions, { version, toDelete });
  } else if (batch.own !== undefined && batch.own === draft.versions) {
    // The id can be `__proto__`, which an assignment would lose.
    Object.defineProperty(draft.versions, version.id, { value: version, enumerable: true });
  } else {
    draft.versions = batch.own = { ...draft.versions, [version.id]: version };
  }
  draft.stages = stages;
  draft.versionsMade = versionsMade;
  draft.lastNumber = lastNumber;
}

/** The final state, frozen. */
export function endBatch({ before, draft, own }: Batch): SecretState {
  if (own !== undefined && own === draft.versions) Object.freeze(own);
  // A stage of the state before can be unfrozen data of the caller, which must not be frozen.
  const old = before.length > 50 ? new Set(before) : undefined;
  for (const stage of draft.stages) {
    if (!(old ? old.has(stage) : before.includes(stage))) Object.freeze(stage);
  }
  // The copy drops the spare capacity of the list, a fifth of the memory of a small secret.
  return withStages(draft, [...draft.stages]);
}
