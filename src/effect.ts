import { byAge, has, type SecretState, type SecretStatus, type SecretVersion, type Stage } from './state.ts';

/** The data of each effect, by its type. Times are epoch milliseconds. */
export interface EffectFacts {
  /** The version was created at `at`. */
  versionCreated: {
    readonly versionId: string;
    readonly at: number;
    readonly fingerprint?: string;
    readonly withoutValue?: true;
  };
  /** The version had no value, and has one now. */
  versionFilled: { readonly versionId: string; readonly fingerprint?: string };
  /** The version had a value, and has none now. No action does this, but `diff` can look back in time. */
  versionEmptied: { readonly versionId: string };
  /** The version was deleted: pruned, or to make room. */
  versionPruned: { readonly versionId: string };
  /** The stage was on no version, and is on `to` since `at`. */
  stageAdded: { readonly stage: string; readonly to: string; readonly at: number };
  /** The stage moved from one version to another at `at`. */
  stageMoved: { readonly stage: string; readonly from: string; readonly to: string; readonly at: number };
  /** The stage stays where it is, with a new time. */
  stageRefreshed: { readonly stage: string; readonly on: string; readonly at: number };
  /** The stage was on `from`, and is on no version. */
  stageRemoved: { readonly stage: string; readonly from: string };
  /** No stage marks the version any more, or no stage ever did. */
  versionDeprecated: { readonly versionId: string };
  /** A stage marks a version that was deprecated. */
  versionRevived: { readonly versionId: string };
  /** The status or the time of deletion changed. The time is null unless the status is PENDING_DELETE. */
  statusChanged: {
    readonly from: SecretStatus;
    readonly to: SecretStatus;
    readonly scheduledDeleteTime: number | null;
  };
}

/** One difference between two states of a secret. `Effect<'stageMoved'>` is one effect, `Effect` the union of all. */
export type Effect<Type extends keyof EffectFacts = keyof EffectFacts> = {
  readonly [T in Type]: { readonly type: T } & EffectFacts[T];
}[Type];

/**
 * Every difference between two states of a secret. If `before` is undefined, the secret did not exist: it had no
 * versions or stages.
 */
export function effectsBetween(before: SecretState | undefined, after: SecretState): readonly Effect[] {
  const old = before ?? { ...after, versions: {}, stages: [] };
  const { status: to, scheduledDeleteTime } = after;
  const effects = boardEffects(old, after);
  if (old.status !== to || old.scheduledDeleteTime !== scheduledDeleteTime)
    effects.push({ type: 'statusChanged', from: old.status, to, scheduledDeleteTime });
  return effects;
}

type Marking = Effect<'versionDeprecated' | 'versionRevived'>;

/** The differences in versions and stages. */
const boardEffects = (before: SecretState, after: SecretState): Effect[] => {
  // Copies, because optimised code reads a frozen list ten times as slowly.
  const olds = [...before.stages];
  const nows = [...after.stages];
  const wasMarked = markedBy(olds);
  const isMarked = markedBy(nows);
  const effects: Effect[] = [];
  const markings = new Map<string, Marking>();
  const addRevived = (versionId: string): void => {
    if (!wasMarked(versionId) && has(before.versions, versionId))
      markings.set(versionId, { type: 'versionRevived', versionId });
  };
  const addDeprecated = (versionId: string): void => {
    if (!isMarked(versionId) && has(after.versions, versionId))
      markings.set(versionId, { type: 'versionDeprecated', versionId });
  };

  if (before.versions !== after.versions) {
    for (const { id: versionId, createTime: at, fingerprint, withoutValue } of versionsNewIn(after, before)) {
      const print = fingerprint !== undefined && { fingerprint };
      if (!has(before.versions, versionId)) {
        effects.push({ type: 'versionCreated', versionId, at, ...print, ...(withoutValue && { withoutValue }) });
        addDeprecated(versionId);
      } else if (withoutValue) effects.push({ type: 'versionEmptied', versionId });
      else effects.push({ type: 'versionFilled', versionId, ...print });
    }
    for (const { id: versionId } of versionsNewIn(before, after))
      if (!has(after.versions, versionId)) effects.push({ type: 'versionPruned', versionId });
  }

  // Both lists are sorted by name, so one walk along both finds each stage in the other. A version that gets a stage is
  // revived if no stage marked it before. A version that loses a stage is deprecated if no stage marks it now.
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
      addRevived(to);
      if (old?.name !== stage) {
        effects.push({ type: 'stageAdded', stage, to, at });
        continue;
      }
      if (old.versionId !== to) {
        effects.push({ type: 'stageMoved', stage, from: old.versionId, to, at });
        addDeprecated(old.versionId);
      } else if (old.updateTime !== at) effects.push({ type: 'stageRefreshed', stage, on: to, at });
    }
    slot++;
  }
  for (const { name: stage, versionId: from } of [...removed, ...olds.slice(slot)]) {
    effects.push({ type: 'stageRemoved', stage, from });
    addDeprecated(from);
  }

  for (const marking of markings.values()) effects.push(marking);
  return effects;
};

/** Whether any of these stages marks a version. Searching a few stages is faster than building a set of them. */
const markedBy = (stages: readonly Stage[]): ((versionId: string) => boolean) => {
  if (stages.length <= 20) return (versionId) => isMarkedBy(stages, versionId);
  const marked = new Set(stages.map((stage) => stage.versionId));
  return (versionId) => marked.has(versionId);
};

const isMarkedBy = (stages: readonly Stage[], id: string): boolean => {
  for (const { versionId } of stages) if (versionId === id) return true;
  return false;
};

/** The versions that the other state does not have, or has with a value where this one has none, or the reverse. */
const versionsNewIn = (state: SecretState, { versions }: SecretState): readonly SecretVersion[] =>
  Object.values(state.versions)
    .filter(({ id, withoutValue }) => !has(versions, id) || versions[id]?.withoutValue !== withoutValue)
    .sort(byAge);
