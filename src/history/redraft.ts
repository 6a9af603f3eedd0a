import type { Draft } from 'immer';
import type { SecretState, Versions } from '../state.ts';

/** Makes a draft of `before` what `after` is. It touches only what differs, so that patches say no more than happened. */
export const redraft = (draft: Draft<SecretState>, before: SecretState, after: SecretState): void => {
  draft.status = after.status;
  draft.scheduledDeleteTime = after.scheduledDeleteTime;
  redraftVersions(draft, before.versions, after.versions);
  for (const [slot, stage] of after.stages.entries()) if (before.stages[slot] !== stage) draft.stages[slot] = stage;
  draft.stages.length = after.stages.length;
  if (before.issued !== after.issued) {
    const { lastNumber, chosenIds, pruned } = after.issued;
    Object.assign(draft.issued, { lastNumber, pruned });
    if (before.issued.chosenIds.join() !== chosenIds.join()) draft.issued.chosenIds = [...chosenIds];
  }
};

const redraftVersions = (draft: Draft<SecretState>, before: Versions, after: Versions): void => {
  if (before === after) return;
  if (untouchables.some((id) => Object.hasOwn(before, id) || Object.hasOwn(after, id))) {
    draft.versions = after;
    return;
  }
  for (const id of Object.keys(before)) if (!Object.hasOwn(after, id)) delete draft.versions[id];
  for (const [id, version] of Object.entries(after)) if (before[id] !== version) draft.versions[id] = version;
};

/**
 * Ids that no draft takes as a key and that readers of JSON Patch refuse in a path, or leave out without a word. A secret
 * that has one is given all its versions anew.
 */
const untouchables = ['__proto__', 'constructor', 'prototype'];
