import { describe, quote } from '../describe.ts';
import { type Dialect, fits, isRemovable, stagesLeft } from '../dialect.ts';
import { csms } from '../dialects/huawei-csms.ts';
import { tryScheduleDeletion } from '../operations/lifecycle.ts';
import { currentVersion, hasVersion, isDeprecated, isIssued, stageOf, versionOf, versionsByAge } from '../queries.ts';
import type { SecretAction } from '../reduce.ts';
import { type Refusal, refuseValue } from '../refusal.ts';
import {
  change,
  countVersions,
  isTime,
  type SecretState,
  type SecretStatus,
  type SecretVersion,
  type Stage,
  timeRule,
} from '../state.ts';
import { roomAtOf, roomIn, versionLimitOf } from './room.ts';
import { type Goal, homeOf, search } from './search.ts';

/** What a secret shall be like. A whole state will do: what else it holds, the times above all, is not looked at. */
export interface Wanted {
  /** Every stage that the secret shall have, and its version. */
  readonly stages: readonly Pick<Stage, 'name' | 'versionId'>[];
  /** By their ids, the versions that shall exist, and no other. Left out: those that the stages mark, and any other. */
  readonly versions?: Readonly<Record<string, unknown>> | undefined;
  /** Left out: as it is now. */
  readonly status?: SecretStatus | undefined;
}

/** What {@link pathTo} takes beside the secret and what is wanted of it. */
export interface PathRequest {
  /** The time of every action, in epoch milliseconds. */
  readonly at: number;
  /** How many states to look at before giving up (SEARCH_LIMIT). Left out: 2,000, which take seconds. */
  readonly mostStates?: number | undefined;
}

/** Why there is no path, as plain data. */
export type NoPath =
  /**
   * A time, status, name or id is none; a built-in stage that the secret has, and that cannot be removed, is not wanted; a
   * wanted version is gone; the dialect lets no stage bring the wanted version back.
   */
  | Refusal<'INVALID_VALUE' | 'BUILT_IN_STAGE' | 'VERSION_ID_TAKEN' | 'DEPRECATED_VERSION'>
  /** One stage is wanted more than once. */
  | { readonly code: 'STAGE_TWICE'; readonly stage: string; readonly versionIds: readonly string[] }
  /** A stage is wanted on a version that is not. */
  | { readonly code: 'VERSION_NOT_WANTED'; readonly stage: string; readonly versionId: string }
  /** More stages or versions are wanted than the secret may have. */
  | {
      readonly code: 'TOO_MANY_WANTED';
      readonly of: 'stages' | 'versions';
      readonly wanted: number;
      readonly limit: number;
    }
  /** The previous stage follows the current one, so the secret has it then, and it is not wanted. */
  | { readonly code: 'PREVIOUS_FOLLOWS'; readonly previousStage: string; readonly currentStage: string }
  /** The oldest go first, and there are not stages enough to mark all that are older than this one and shall stay. */
  | { readonly code: 'OLDER_WOULD_GO'; readonly versionId: string; readonly older: number; readonly limit: number }
  /**
   * No version goes but to make room for a new one, and none is new that this one could make room for; or this one makes room,
   * but not until then, in epoch milliseconds.
   */
  | { readonly code: 'VERSION_STAYS'; readonly versionId: string; readonly until: number | null }
  /** Every way was tried, but for stages of other names on the way than `pathTo` gives them. */
  | { readonly code: 'NO_WAY' }
  /** So many states were looked at, and there may be a path or none. */
  | { readonly code: 'SEARCH_LIMIT'; readonly states: number };

/** What {@link pathTo} answers: the actions in their order, or why there are none. */
export type Path =
  | { readonly ok: true; readonly actions: readonly SecretAction[] }
  | { readonly ok: false; readonly why: NoPath };

/**
 * The shortest list of actions that makes of a secret what is wanted: each is accepted where its turn comes, and the current
 * stage is never missing on the way; where it is missing now, the first stage that changes is that one, if that takes no action
 * more. Every move names the version that its stage is on, or null. New versions get their wanted ids. A secret that is not
 * ENABLED is enabled on the way if it must be, and set back; a deletion that was scheduled falls due anew then, counted from
 * `at`. Where a stage must mark a version on the way, it may be one that can go again by itself, such as `AWSPENDING`; where none
 * will do, it is one of `freeStages`, or `detour1`, `detour2`, …
 *
 * Nothing is thrown: where there is no path, `why` says so, and {@link describeNoPath} puts it into a sentence.
 *
 * Source: none of its own. It asks the operations what each action does.
 *
 * @example
 * const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });
 * const back = pathTo(two, { stages: [{ name: 'SYSCURRENT', versionId: 'v1' }, { name: 'SYSPREVIOUS', versionId: 'v2' }] }, { at: 2000 });
 * back.ok && back.actions.length; // 2
 * const bare = pathTo(two, { stages: [{ name: 'SYSCURRENT', versionId: 'v1' }] }, { at: 2000 });
 * bare.ok || describeNoPath(bare.why); // 'Stage "SYSPREVIOUS" is built in and on version "v1": it cannot be removed, only moved.'
 */
export const pathTo = (
  state: SecretState,
  wanted: Wanted,
  { at, mostStates = 2000 }: PathRequest,
  dialect: Dialect = csms,
): Path => {
  const homes = new Map(wanted.stages.map((stage) => [stage.name, stage.versionId]));
  const { versions, status = state.status } = wanted;
  const needed = new Set([...Object.keys(versions ?? {}), ...homes.values()]);
  const isExact = versions !== undefined;
  const goal: Goal = { homes, needed, isExact, status, at, dialect, isCurrentFirst: false };

  const why = whyNot(state, wanted, goal);
  if (why) return { ok: false, why };
  const found = search(state, goal, mostStates);
  if (found === 'none') return { ok: false, why: { code: 'NO_WAY' } };
  if (found === 'unknown') return { ok: false, why: { code: 'SEARCH_LIMIT', states: mostStates } };
  if (currentVersion(state, dialect) !== undefined || homeOf(dialect.currentStage, goal) === undefined)
    return { ok: true, actions: found };
  const careful = search(state, { ...goal, isCurrentFirst: true }, mostStates);
  return { ok: true, actions: typeof careful === 'string' || careful.length > found.length ? found : careful };
};

/** What shows without a search that there is no path. */
const whyNot = (state: SecretState, wanted: Wanted, goal: Goal): NoPath | undefined =>
  badValue(state, wanted, goal) ?? badStages(state, wanted, goal) ?? badVersions(state, goal);

const badValue = (state: SecretState, { stages }: Wanted, goal: Goal): NoPath | undefined => {
  const { needed, status, at, dialect } = goal;
  const { statuses } = dialect;
  if (!isTime(at)) return refuseValue('at', at, timeRule);
  if (!statuses.includes(status)) return refuseValue('status', status, `one of ${statuses.join(', ')}`);
  if (status === 'PENDING_DELETE') {
    const scheduled = tryScheduleDeletion(change(state, { status: 'ENABLED' }), { at }, dialect);
    if (!scheduled.ok && scheduled.refusal.code === 'INVALID_VALUE') return scheduled.refusal;
  }
  const badName = stages.find(({ name }) => !stageOf(state, name) && !fits(name, dialect.stageName));
  if (badName) return refuseValue('stage', badName.name, dialect.stageName);
  const badIds = [...needed].filter((id) => !hasVersion(state, id) && !fits(id, dialect.versionId));
  return badIds.length > 0 ? refuseValue('versionId', badIds[0], dialect.versionId) : undefined;
};

const badStages = (state: SecretState, { stages, versions }: Wanted, goal: Goal): NoPath | undefined => {
  const { homes, needed, dialect } = goal;
  const { currentStage, previousStage, clearedStages, stageLimit } = dialect;
  for (const { name, versionId } of stages) {
    const versionIds = stages.filter((stage) => stage.name === name).map((stage) => stage.versionId);
    if (versionIds.length > 1) return { code: 'STAGE_TWICE', stage: name, versionIds };
    if (versions && !Object.hasOwn(versions, versionId)) return { code: 'VERSION_NOT_WANTED', stage: name, versionId };
    if (dialect.deprecatedIsFinal && isDeprecated(state, versionId)) {
      return { code: 'DEPRECATED_VERSION', stage: name, versionId };
    }
  }
  const isCleared = (name: string) =>
    clearedStages?.includes(name) && [...needed].some((versionId) => !hasVersion(state, versionId));
  const left = state.stages.find(({ name }) => !homes.has(name) && !isRemovable(name, dialect) && !isCleared(name));
  if (left) return { code: 'BUILT_IN_STAGE', stage: left.name, versionId: left.versionId };
  if (stagesLeft(stages, dialect) < 0) {
    return { code: 'TOO_MANY_WANTED', of: 'stages', wanted: stages.length, limit: stageLimit };
  }
  if (currentStage === null || previousStage === null || !dialect.previousFollowsMove) return;
  if (homes.has(previousStage) || isRemovable(previousStage, dialect)) return;
  const [holder, home] = [versionOf(state, currentStage), homes.get(currentStage)];
  if (holder === undefined || home === undefined || holder === home) return;
  // A new version can take the current stage from a list without any other following.
  const mustFollow = hasVersion(state, home) || dialect.previousFollowsListedCurrent;
  return mustFollow ? { code: 'PREVIOUS_FOLLOWS', previousStage, currentStage } : undefined;
};

const badVersions = (state: SecretState, goal: Goal): NoPath | undefined => {
  const { needed, dialect } = goal;
  const missing = [...needed].filter((id) => !hasVersion(state, id));
  const gone = missing.find((id) => isIssued(state, id, dialect));
  if (gone !== undefined) return { code: 'VERSION_ID_TAKEN', versionId: gone, exists: false };
  // A secret may have more than the limit where that is rough, and keep them.
  const limit = Math.max(versionLimitOf(dialect), countVersions(state));
  if (needed.size > limit) return { code: 'TOO_MANY_WANTED', of: 'versions', wanted: needed.size, limit };
  const outgoing = versionsByAge(state).filter(({ id }) => !needed.has(id));
  return badRoom(state, missing.length, outgoing, goal) ?? badOrder(state, outgoing, goal);
};

/** Where no version goes but to make room, only so many go as there is no room for, and only of an age. */
const badRoom = (
  state: SecretState,
  missing: number,
  outgoing: readonly SecretVersion[],
  { isExact, at, dialect }: Goal,
): NoPath | undefined => {
  if (!dialect.deprecatedStay) return;
  const goers = dialect.versionLimitIsHard ? 0 : Math.max(0, missing - roomIn(state, dialect));
  const stayer = outgoing[goers];
  if (isExact && stayer) return { code: 'VERSION_STAYS', versionId: stayer.id, until: null };
  const youngest = outgoing[goers - 1];
  if (!youngest) return;
  const until = roomAtOf(youngest, dialect);
  return at < until ? { code: 'VERSION_STAYS', versionId: youngest.id, until } : undefined;
};

const badOrder = (
  state: SecretState,
  outgoing: readonly SecretVersion[],
  { needed, isExact, dialect }: Goal,
): NoPath | undefined => {
  const last = outgoing.at(-1);
  if (!isExact || !last) return;
  const existing = versionsByAge(state);
  const older = existing.slice(0, existing.indexOf(last)).filter(({ id }) => needed.has(id)).length;
  const limit = dialect.stageLimit + (dialect.freeStages?.length ?? 0);
  return older > limit ? { code: 'OLDER_WOULD_GO', versionId: last.id, older, limit } : undefined;
};

/**
 * One clear sentence for why there is no path: what stands in the way, and the way out.
 *
 * @example
 * const path = pathTo(createSecret({ name: 'db', at: 0 }), { stages: [] }, { at: 1000 });
 * path.ok || describeNoPath(path.why); // 'Stage "SYSCURRENT" is built in and on version "v1": it cannot be removed, only moved.'
 */
export const describeNoPath = (why: NoPath): string => {
  switch (why.code) {
    case 'STAGE_TWICE':
      return `Stage ${quote(why.stage)} is wanted on ${why.versionIds.map(quote).join(' and ')}: name it once, for a stage marks one version only.`;
    case 'VERSION_NOT_WANTED':
      return `Stage ${quote(why.stage)} is wanted on version ${quote(why.versionId)}, which is not among the wanted versions: add it there.`;
    case 'TOO_MANY_WANTED':
      return `${why.wanted} ${why.of} are wanted, and the limit is ${why.limit}: want fewer.`;
    case 'PREVIOUS_FOLLOWS':
      return `Stage ${quote(why.previousStage)} follows stage ${quote(why.currentStage)} and is never removed again: want it on a version, too.`;
    case 'OLDER_WOULD_GO':
      return `Version ${quote(why.versionId)} cannot go alone: the oldest go first, ${why.older} older ones shall stay, and there can be no more than ${why.limit} stages to mark them. Want it to stay, or fewer of the older.`;
    case 'VERSION_STAYS':
      return why.until === null
        ? `Version ${quote(why.versionId)} cannot go: none does but to make room for a new one. Want it to stay.`
        : `Version ${quote(why.versionId)} makes no room before ${new Date(why.until).toISOString()}: go there then.`;
    case 'NO_WAY':
      return 'Every way was tried, and none leads there: want fewer changes at once.';
    case 'SEARCH_LIMIT':
      return `No path was found among ${why.states} states, and there may be one: allow more states, or go there in several steps.`;
    default:
      return describe(why);
  }
};
