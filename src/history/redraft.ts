import type { Draft } from 'immer';
import { entryOf } from '../json.ts';
import type { SecretState, Versions } from '../state.ts';

/** Makes a draft of `before` what `after` is. It touches only what differs, so that patches say no more than happened. */
export function redraft(draft: Draft<SecretState>, before: SecretState, after: SecretState): void {
  draft.name = after.name;
  draft.dialect = after.dialect;
  draft.status = after.status;
  draft.scheduledDeleteTime = after.scheduledDeleteTime;
  // Already to look into a part of a draft costs a microsecond.
  if (before.versions !== after.versions) redraftVersions(draft, before.versions, after.versions);
  if (before.stages !== after.stages) {
    const { stages } = draft;
    for (const [slot, stage] of after.stages.entries()) if (before.stages[slot] !== stage) stages[slot] = stage;
    stages.length = after.stages.length;
  }
  draft.versionsMade = after.versionsMade;
  draft.lastNumber = after.lastNumber;
}

function redraftVersions(draft: Draft<SecretState>, before: Versions, after: Versions): void {
  const ids = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changed = [...ids].filter((id) => entryOf(before, id) !== entryOf(after, id));
  if (changed.length > 0 && (hasUntouchable(before) || hasUntouchable(after))) {
    draft.versions = after;
    return;
  }
  for (const id of changed) {
    const version = entryOf(after, id);
    if (version === undefined) delete draft.versions[id];
    else draft.versions[id] = version;
  }
}

/** Whether there is a version whose id no path can name, so that all versions are written anew. */
export function hasUntouchable(versions: Versions): boolean {
  return untouchables.some((id) => Object.hasOwn(versions, id));
}

/**
 * Ids that no draft takes as a key, or that a reader of JSON Patch refuses in a path, leaves out without a word or takes for
 * the end of a list. A secret that has one is given all its versions anew.
 */
const untouchables = ['__proto__', 'constructor', 'prototype', '-'];
