import { has, type SecretState, type SecretStatus, type SecretVersion, type Stage, versionsByAge } from './state.ts';

/** One difference between a secret and what became of it. Times are epoch milliseconds. */
export type Effect =
  | { readonly type: 'versionCreated'; readonly versionId: string; readonly at: number; readonly fingerprint?: string }
  | { readonly type: 'versionPruned'; readonly versionId: string }
  | { readonly type: 'stageAdded'; readonly stage: string; readonly to: string; readonly at: number }
  | {
      readonly type: 'stageMoved';
      readonly stage: string;
      readonly from: string;
      readonly to: string;
      readonly at: number;
    }
  /** The stage stays where it is, and has the time of now. */
  | { readonly type: 'stageRefreshed'; readonly stage: string; readonly on: string; readonly at: number }
  | { readonly type: 'stageRemoved'; readonly stage: string; readonly from: string }
  /** No stage marks the version any more, or none did from the start. */
  | { readonly type: 'versionDeprecated'; readonly versionId: string }
  /** A stage marks a version that none did. */
  | { readonly type: 'versionRevived'; readonly versionId: string }
  | {
      readonly type: 'statusChanged';
      readonly from: SecretStatus;
      readonly to: SecretStatus;
      readonly scheduledDeleteTime: number | null;
    };

/** All that differs between two states of one secret; before its creation it is undefined, and had no version and no stage. */
export function effectsBetween(before: SecretState | undefined, after: SecretState): readonly Effect[] {
  const old = before ?? { ...after, versions: {}, stages: [] };
  const { status: to, scheduledDeleteTime } = after;
  const effects = boardEffects(old, after);
  if (old.status !== to || old.scheduledDeleteTime !== scheduledDeleteTime)
    effects.push({ type: 'statusChanged', from: old.status, to, scheduledDeleteTime });
  return effects;
}

type Turn = Extract<Effect, { type: 'versionDeprecated' | 'versionRevived' }>;

/** What differs in the versions and the stages on them. */
const boardEffects = (before: SecretState, after: SecretState): Effect[] => {
  // Copies, because optimised code reads a frozen list ten times as slowly.
  const olds = [...before.stages];
  const nows = [...after.stages];
  const effects: Effect[] = [];
  const turns: Turn[] = [];
  const turn = (type: Turn['type'], versionId: string, state: SecretState, stages: readonly Stage[]): void => {
    if (isMarked(stages, versionId) || !has(state.versions, versionId)) return;
    if (!turns.some((other) => other.versionId === versionId)) turns.push({ type, versionId });
  };

  if (before.versions !== after.versions) {
    for (const { id: versionId, createTime: at, fingerprint } of versionsOnlyIn(after, before)) {
      effects.push({ type: 'versionCreated', versionId, at, ...(fingerprint !== undefined && { fingerprint }) });
      turn('versionDeprecated', versionId, after, nows);
    }
    for (const { id: versionId } of versionsOnlyIn(before, after)) effects.push({ type: 'versionPruned', versionId });
  }

  // Both lists are sorted by name, so that one walk along both finds each stage in the other. A version that a stage came to was
  // revived if none marked it before, and one that a stage left is deprecated if none marks it now.
  let slot = 0;
  const removed: Stage[] = [];
  for (const now of nows) {
    let old = olds[slot];
    if (old !== now) {
      while (old && old.name < now.name) {
        removed.push(old);
        old = olds[++slot];
      }
      const { name: stage, versionId: to, updateTime: at } = now;
      turn('versionRevived', to, before, olds);
      if (old?.name !== stage) {
        effects.push({ type: 'stageAdded', stage, to, at });
        continue;
      }
      if (old.versionId !== to) {
        effects.push({ type: 'stageMoved', stage, from: old.versionId, to, at });
        turn('versionDeprecated', old.versionId, after, nows);
      } else if (old.updateTime !== at) effects.push({ type: 'stageRefreshed', stage, on: to, at });
    }
    slot++;
  }
  for (const { name: stage, versionId: from } of [...removed, ...olds.slice(slot)]) {
    effects.push({ type: 'stageRemoved', stage, from });
    turn('versionDeprecated', from, after, nows);
  }

  for (const effect of turns) effects.push(effect);
  return effects;
};

const isMarked = (stages: readonly Stage[], id: string): boolean => {
  for (const { versionId } of stages) if (versionId === id) return true;
  return false;
};

const versionsOnlyIn = (state: SecretState, { versions }: SecretState): readonly SecretVersion[] =>
  versionsByAge(state).filter(({ id }) => !has(versions, id));
