import type { Draft } from 'immer';
import { entryOf } from '../json.ts';
import type { SecretState, Versions } from '../state.ts';

/** Changes a draft of `before` to `after`. It only touches differences, so that patches show only what changed. */
export function redraft(draft: Draft<SecretState>, before: SecretState, after: SecretState): void {
  draft.name = after.name;
  draft.dialect = after.dialect;
  draft.status = after.status;
  draft.scheduledDeleteTime = after.scheduledDeleteTime;
  // Even reading a part of a draft costs a microsecond.
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

/** Whether a version has an id that no path can name, so that all versions must be written again. */
export function hasUntouchable(versions: Versions): boolean {
  return untouchables.some((id) => Object.hasOwn(versions, id));
}

/**
 * Ids that a draft does not take as a key, or that a reader of JSON Patch refuses, silently ignores, or takes for the
 * end of a list. In a secret with one of them, all versions are written again.
 */
const untouchables = ['__proto__', 'constructor', 'prototype', '-'];
