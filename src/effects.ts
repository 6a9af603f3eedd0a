import type { Effect } from './effect.ts';
import { hasVersion, isDeprecated, stageOf, versionsByAge } from './queries.ts';
import type { SecretState, SecretVersion } from './state.ts';

/** All that differs between two states of one secret; before its creation it is undefined and differs in everything. */
export const effectsBetween = (before: SecretState | undefined, after: SecretState): readonly Effect[] => [
  ...versionEffects(before, after),
  ...stageEffects(before, after),
  ...deprecationEffects(before, after),
  ...(before ? statusEffects(before, after) : []),
];

const versionsOf = (state: SecretState | undefined) => (state ? versionsByAge(state) : []);

const versionEffects = (before: SecretState | undefined, after: SecretState): Effect[] => {
  const isIn = (state: SecretState | undefined, { id }: SecretVersion) => state !== undefined && hasVersion(state, id);
  return [
    ...versionsOf(after)
      .filter((version) => !isIn(before, version))
      .map(({ id: versionId, createTime: at }) => ({ type: 'versionCreated', versionId, at }) as const),
    ...versionsOf(before)
      .filter((version) => !isIn(after, version))
      .map(({ id: versionId }) => ({ type: 'versionPruned', versionId }) as const),
  ];
};

const stageEffects = (before: SecretState | undefined, after: SecretState): Effect[] => [
  ...after.stages.flatMap((now): Effect[] => {
    const { name: stage, versionId: to, updateTime: at } = now;
    const old = before && stageOf(before, stage);
    if (old === undefined) return [{ type: 'stageAdded', stage, to, at }];
    if (old.versionId !== to) return [{ type: 'stageMoved', stage, from: old.versionId, to, at }];
    return old.updateTime === at ? [] : [{ type: 'stageRefreshed', stage, on: to, at }];
  }),
  ...(before?.stages ?? [])
    .filter((old) => stageOf(after, old.name) === undefined)
    .map((old) => ({ type: 'stageRemoved', stage: old.name, from: old.versionId }) as const),
];

const deprecationEffects = (before: SecretState | undefined, after: SecretState): Effect[] =>
  versionsOf(after).flatMap(({ id: versionId }): Effect[] => {
    const was = before !== undefined && isDeprecated(before, versionId);
    const is = isDeprecated(after, versionId);
    if (was === is) return [];
    return [{ type: is ? 'versionDeprecated' : 'versionRevived', versionId }];
  });

const statusEffects = ({ status: from, scheduledDeleteTime: due }: SecretState, after: SecretState): Effect[] => {
  const { status: to, scheduledDeleteTime } = after;
  return from === to && due === scheduledDeleteTime ? [] : [{ type: 'statusChanged', from, to, scheduledDeleteTime }];
};
