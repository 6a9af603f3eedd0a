import { isDeprecated, stageOf, versionsByAge } from './queries.ts';
import type { SecretState, SecretStatus } from './state.ts';

/** One difference between a secret and what became of it. */
export type Effect =
  | { readonly type: 'versionCreated'; readonly versionId: string }
  | { readonly type: 'versionPruned'; readonly versionId: string }
  | { readonly type: 'stageAdded'; readonly stage: string; readonly to: string }
  | { readonly type: 'stageMoved'; readonly stage: string; readonly from: string; readonly to: string }
  | { readonly type: 'stageRefreshed'; readonly stage: string; readonly on: string }
  | { readonly type: 'stageRemoved'; readonly stage: string; readonly from: string }
  | { readonly type: 'versionDeprecated'; readonly versionId: string }
  | { readonly type: 'versionRevived'; readonly versionId: string }
  | { readonly type: 'statusChanged'; readonly from: SecretStatus; readonly to: SecretStatus };

/** All that differs between two states of one secret; before its creation it is undefined and differs in everything. */
export const effectsBetween = (before: SecretState | undefined, after: SecretState): readonly Effect[] => [
  ...versionEffects(before, after),
  ...stageEffects(before, after),
  ...deprecationEffects(before, after),
  ...(before && before.status !== after.status
    ? [{ type: 'statusChanged', from: before.status, to: after.status } as const]
    : []),
];

const idsOf = (state: SecretState | undefined) => (state ? versionsByAge(state).map((version) => version.id) : []);

const versionEffects = (before: SecretState | undefined, after: SecretState): Effect[] => {
  const [old, now] = [new Set(idsOf(before)), new Set(idsOf(after))];
  return [
    ...[...now].filter((id) => !old.has(id)).map((versionId) => ({ type: 'versionCreated', versionId }) as const),
    ...[...old].filter((id) => !now.has(id)).map((versionId) => ({ type: 'versionPruned', versionId }) as const),
  ];
};

const stageEffects = (before: SecretState | undefined, after: SecretState): Effect[] => [
  ...after.stages.flatMap((now): Effect[] => {
    const { name: stage, versionId: to } = now;
    const old = before && stageOf(before, stage);
    if (old === undefined) return [{ type: 'stageAdded', stage, to }];
    if (old.versionId !== to) return [{ type: 'stageMoved', stage, from: old.versionId, to }];
    return old.updateTime === now.updateTime ? [] : [{ type: 'stageRefreshed', stage, on: to }];
  }),
  ...(before?.stages ?? [])
    .filter((old) => stageOf(after, old.name) === undefined)
    .map((old) => ({ type: 'stageRemoved', stage: old.name, from: old.versionId }) as const),
];

const deprecationEffects = (before: SecretState | undefined, after: SecretState): Effect[] =>
  idsOf(after).flatMap((versionId): Effect[] => {
    const was = before !== undefined && isDeprecated(before, versionId);
    const is = isDeprecated(after, versionId);
    if (was === is) return [];
    return [{ type: is ? 'versionDeprecated' : 'versionRevived', versionId }];
  });
