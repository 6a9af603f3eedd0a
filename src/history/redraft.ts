import type { Draft } from 'immer';
import type { SecretState, Versions } from '../state.ts';

/** Makes a draft of `before` what `after` is. It touches only what differs, so that patches say no more than happened. */
export const redraft = (draft: Draft<SecretState>, before: SecretState, after: SecretState): void => {
  draft.name = after.name;
  draft.status = after.status;
  draft.scheduledDeleteTime = after.scheduledDeleteTime;
  // Already to look into a part of a draft costs a microsecond.
  if (before.versions !== after.versions) redraftVersions(draft, before.versions, after.versions);
  if (before.stages !== after.stages) redraftList(draft.stages, before.stages, after.stages);
  if (before.issued !== after.issued) {
    const { issued } = draft;
    issued.lastNumber = after.issued.lastNumber;
    issued.pruned = after.issued.pruned;
    redraftList(issued.chosenIds, before.issued.chosenIds, after.issued.chosenIds);
  }
};

const redraftList = <Element>(draft: Element[], before: readonly Element[], after: readonly Element[]): void => {
  for (const [slot, element] of after.entries()) if (before[slot] !== element) draft[slot] = element;
  draft.length = after.length;
};

const redraftVersions = (draft: Draft<SecretState>, before: Versions, after: Versions): void => {
  if (untouchables.some((id) => Object.hasOwn(before, id) || Object.hasOwn(after, id))) {
    draft.versions = after;
    return;
  }
  for (const id of Object.keys(before)) if (!Object.hasOwn(after, id)) delete draft.versions[id];
  for (const [id, version] of Object.entries(after)) if (before[id] !== version) draft.versions[id] = version;
};

/**
 * Ids that no draft takes as a key, or that a reader of JSON Patch refuses in a path, leaves out without a word or takes for
 * the end of a list. A secret that has one is given all its versions anew.
 */
const untouchables = ['__proto__', 'constructor', 'prototype', '-'];
