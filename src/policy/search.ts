import { type Dialect, fits, isRemovable } from '../dialect.ts';
import { currentVersion, deprecatedByAge, hasVersion, isIssued, versionOf, versionsByAge } from '../queries.ts';
import { type SecretAction, tryReduce } from '../reduce.ts';
import type { SecretState, SecretStatus } from '../state.ts';
import { roomIn, versionLimitOf } from './room.ts';

/** Where a search leads, and by which rules. */
export interface Goal {
  /** The version that each stage shall be on. */
  readonly homes: ReadonlyMap<string, string>;
  /** The versions that shall exist. */
  readonly needed: ReadonlySet<string>;
  /** Whether no other version may exist. */
  readonly isExact: boolean;
  readonly status: SecretStatus;
  /** The time of every action, in epoch milliseconds. */
  readonly at: number;
  readonly dialect: Dialect;
  /** Whether the first stage that changes must be the current one. */
  readonly isCurrentFirst: boolean;
}

/** A state on the way, and how it was reached. */
interface Place {
  readonly state: SecretState;
  readonly actions: readonly SecretAction[];
  /** The last action created a version, and its list of stages may still grow. */
  readonly list?: NewVersion;
}

interface Waiting {
  readonly place: Place;
  /** Its nearer steps were taken, and the others are left. */
  readonly isDetour: boolean;
}

interface NewVersion {
  readonly before: Place;
  readonly versionId: string;
  readonly stages: readonly string[];
}

/**
 * The shortest list of actions to the goal; or that there is none; or that neither is known after so many states.
 *
 * This is A*. A place waits in the row of the least length that a way through it can have; the shortest row comes first, and
 * in it the place reached last, so that an easy way is walked straight on. What leads away from the goal waits one row longer
 * before anybody looks at it. A list of stages grows one by one and at no cost, for the lists are too many to try each.
 */
export const search = (
  start: SecretState,
  goal: Goal,
  mostStates: number,
): readonly SecretAction[] | 'none' | 'unknown' => {
  const reached = new Map<string, number>();
  const rows: Waiting[][] = [];
  const wait = (row: number, next: Waiting) => {
    const others = rows[row];
    if (others) others.push(next);
    else rows[row] = [next];
  };
  const reach = (place: Place, row: number) => {
    const key = keyOf(place);
    const { length } = place.actions;
    if ((reached.get(key) ?? Number.POSITIVE_INFINITY) <= length) return;
    const whole = Math.max(row, length + atLeastLeft(place, goal));
    if (whole === Number.POSITIVE_INFINITY) return;
    reached.set(key, length);
    wait(whole, { place, isDetour: false });
  };

  reach({ state: start, actions: [] }, 0);
  let states = 0;
  for (let row = 0; row < rows.length; row++) {
    const waiting = rows[row];
    for (let next = waiting?.pop(); next; next = waiting?.pop()) {
      const { place, isDetour } = next;
      const { state, actions } = place;
      if (atLeastLeft({ state, actions }, goal) === 0) return actions;
      if (states++ >= mostStates) return 'unknown';
      for (const further of placesAfter(place, isDetour, goal)) reach(further, row);
      if (!isDetour) wait(row + 1, { place, isDetour: true });
    }
  }
  return 'none';
};

/** Two places are the same if no action tells them apart. The age of new versions does not: all are of one time, and needed. */
const keyOf = ({ state, list }: Place): string =>
  JSON.stringify([
    state.status,
    list && [list.versionId, list.stages.length],
    Object.keys(state.versions).sort(),
    ...state.stages.flatMap(({ name, versionId }) => [name, versionId]),
  ]);

/** The version that a stage shall be on; null is the name of none. */
export const homeOf = (stage: string | null, { homes }: Pick<Goal, 'homes'>): string | undefined =>
  stage === null ? undefined : homes.get(stage);

const missingOf = (state: SecretState, { needed }: Goal): readonly string[] =>
  [...needed].filter((id) => !hasVersion(state, id));

/** How many actions are left at the least: 0 only if none is, and infinitely many if the goal can be reached no more. */
const atLeastLeft = ({ state, list }: Place, goal: Goal): number => {
  const { homes, needed, dialect } = goal;
  const { currentStage, previousStage, clearedStages } = dialect;
  const missing = missingOf(state, goal);
  if (missing.some((id) => isIssued(state, id, dialect))) return Number.POSITIVE_INFINITY;

  const holders = new Map(state.stages.map((stage) => [stage.name, stage.versionId]));
  const marked = new Set(holders.values());
  // A new version may clear a stray at no cost.
  const strays = [...holders.keys()].filter(
    (name) => !homes.has(name) && !(missing.length > 0 && clearedStages?.includes(name)),
  );
  if (strays.some((name) => !isRemovable(name, dialect))) return Number.POSITIVE_INFINITY;

  // A version that does not exist yet takes its stages as it is created, where it can list any.
  const isTaken = (id: string | undefined) => id !== undefined && (missing.includes(id) || id === list?.versionId);
  const isListed = (name: string) => dialect.stageListLimit > 0 || name === currentStage || name === previousStage;
  const astray = [...homes].filter(([name, id]) => !(isTaken(id) && isListed(name)) && holders.get(name) !== id);
  const isDead = (id: string) => !isTaken(id) && !marked.has(id);
  if (dialect.deprecatedIsFinal && [...homes.values()].some(isDead)) return Number.POSITIVE_INFINITY;

  let moves = strays.length + astray.length;
  // The previous stage may come to its version as the current one leaves it, at no cost; or leave it again.
  const holder = versionOf(state, currentStage);
  const home = homeOf(currentStage, goal);
  const previousHome = homeOf(previousStage, goal);
  if (holder !== undefined && holder !== home && !isTaken(previousHome)) {
    const isAstray = versionOf(state, previousStage) !== previousHome;
    const mustFollow = dialect.previousFollowsMove === true && home !== undefined && !isTaken(home);
    if (holder === previousHome && isAstray && (mustFollow || missing.length > 0 || list)) moves--;
    if (holder !== previousHome && !isAstray && mustFollow) moves++;
  }

  const existing = goal.isExact ? versionsByAge(state).map((version) => version.id) : [];
  const goers = existing.filter((id) => !needed.has(id));
  const youngest = goers.at(-1);
  const mustPrune = dialect.versionLimitIsHard
    ? goers.length > 0 || missing.length > roomIn(state, dialect)
    : goers.length > 0 && (missing.length === 0 || needed.size < versionLimitOf(dialect));
  // The oldest go first, so a stage must mark each older one that stays; a new version takes it at no cost.
  const settled = new Set(homes.values());
  const older = youngest === undefined ? [] : existing.slice(0, existing.indexOf(youngest));
  moves += older.filter((id) => needed.has(id) && !settled.has(id) && isDead(id)).length;

  const needsEnabled =
    missing.length > 0 ||
    (moves > 0 && !dialect.stagesNeverRest) ||
    (mustPrune && dialect.pruningNeedsEnabled === true);
  return missing.length + moves + Number(mustPrune) + statusChanges(state.status, goal, needsEnabled);
};

const statusChanges = (from: SecretStatus, { status: to, dialect }: Goal, needsEnabled: boolean): number => {
  if (from === to && !needsEnabled) return 0;
  const isByEnabled =
    needsEnabled || from === 'PENDING_DELETE' || (to === 'PENDING_DELETE' && dialect.deletionNeedsEnabled === true);
  return isByEnabled ? Number(from !== 'ENABLED') + Number(to !== 'ENABLED') : 1;
};

/** Where actions lead: those that may bring the goal nearer, or the others, which cost an action more than they save. */
const placesAfter = (place: Place, isDetour: boolean, goal: Goal): readonly Place[] => {
  const { state, list } = place;
  if (isDetour) return isHeldUp(place, goal) ? [] : after(place, stageActions(state, goal, false), goal);
  const grown = list ? longerLists(list, state, goal) : [];
  if (isHeldUp(place, goal)) return grown;
  const missing = missingOf(state, goal);
  const settled = new Set(goal.homes.values());
  // New versions that get no stage are all alike.
  const bare = missing.find((id) => !settled.has(id));
  const created = missing
    .filter((id) => settled.has(id) || id === bare)
    .flatMap((versionId) => [
      ...after(place, [{ type: 'createVersion', versionId, at: goal.at }], goal),
      ...shortestLists({ before: place, versionId, stages: [] }, goal),
    ]);
  return [
    ...after(place, [...stageActions(state, goal, true), ...pruning(state, goal), ...statusActions(state, goal)], goal),
    ...created,
    ...grown,
  ];
};

/** Whether a stage has changed before the current one, which was to be the first. */
const isHeldUp = ({ state, actions }: Place, { isCurrentFirst, dialect }: Goal): boolean =>
  isCurrentFirst && currentVersion(state, dialect) === undefined && hasChangedStages(actions.at(-1));

const hasChangedStages = (action: SecretAction | undefined): boolean =>
  action !== undefined && ('stages' in action ? action.stages?.length !== 0 : 'stage' in action);

const after = ({ state, actions }: Place, next: readonly SecretAction[], { dialect }: Goal): readonly Place[] =>
  next.flatMap((action) => {
    const outcome = tryReduce(state, action, dialect);
    return outcome.ok ? [{ state: outcome.state, actions: [...actions, action] }] : [];
  });

const listing = (list: NewVersion, goal: Goal): readonly Place[] => {
  const { before, versionId, stages } = list;
  const create: SecretAction = { type: 'createVersion', versionId, stages, at: goal.at };
  return after(before, [create], goal).map((place) => ({ ...place, list }));
};

/** The empty list; or where there can be none, those of one stage. */
const shortestLists = (list: NewVersion, goal: Goal): readonly Place[] =>
  goal.dialect.emptyListIsRefused ? longerLists(list, list.before.state, goal) : listing(list, goal);

/**
 * The list takes what shall be on its version. Besides, it may take what is on a version that may go, so that it makes room
 * for the next; the current stage, which the previous one may follow; and a single one that keeps the new version from
 * being pruned.
 */
const longerLists = (list: NewVersion, state: SecretState, goal: Goal): readonly Place[] => {
  const { versionId, stages } = list;
  const names = namesIn(state, goal);
  const mayTake = (name: string) =>
    goal.homes.get(name) === versionId ||
    isOnGoer(state, name, goal) ||
    name === goal.dialect.currentStage ||
    stages.length === 0;
  return names
    .slice(names.indexOf(stages.at(-1) ?? '') + 1)
    .filter(mayTake)
    .flatMap((name) => listing({ ...list, stages: [...stages, name] }, goal));
};

const isOnGoer = (state: SecretState, name: string, { needed }: Goal): boolean => {
  const holder = versionOf(state, name);
  return holder !== undefined && !needed.has(holder);
};

/** The stages that may be of use, sorted: those that are there or wanted, those that may go by themselves, and a spare one. */
const namesIn = (state: SecretState, { homes, dialect }: Goal): readonly string[] => {
  const { removableStages = [], clearedStages = [] } = dialect;
  const held = state.stages.map((stage) => stage.name);
  const names = new Set([...held, ...homes.keys(), ...removableStages, ...clearedStages]);
  const spares = [
    ...(dialect.freeStages ?? []).filter((name) => !dialect.builtInStages.includes(name)),
    ...Array.from({ length: names.size + 1 }, (_, index) => `detour${index + 1}`),
  ];
  const spare = spares.find((name) => !names.has(name) && fits(name, dialect.stageName));
  return [...names, ...(spare === undefined ? [] : [spare])].sort();
};

/** Every move and removal that may bring the goal nearer by what it does or by what it makes room for; or every other. */
const stageActions = (state: SecretState, goal: Goal, isWanted: boolean): readonly SecretAction[] => {
  const { homes, needed, at, dialect } = goal;
  const marked = new Set(state.stages.map((stage) => stage.versionId));
  const settled = new Set(homes.values());
  const isBare = (id: string) => needed.has(id) && !settled.has(id) && !marked.has(id);
  const ids = Object.keys(state.versions);
  return namesIn(state, goal).flatMap((stage): SecretAction[] => {
    const from = versionOf(state, stage) ?? null;
    const isCurrent = stage === dialect.currentStage;
    const isFree = isCurrent || isOnGoer(state, stage, goal);
    // The current stage is never missing on the way, not even where it could be removed.
    const mayGo = !isCurrent || !homes.has(stage);
    const isNearer = (id: string) => isFree || homes.get(stage) === id || isBare(id);
    return [
      ...ids
        .filter((id) => isNearer(id) === isWanted)
        .map((versionId): SecretAction => ({ type: 'assignStage', stage, versionId, at, from })),
      ...(mayGo && (isFree || !homes.has(stage)) === isWanted ? [{ type: 'removeStage', stage, at } as const] : []),
    ];
  });
};

/** The oldest go, up to the first that must stay. */
const pruning = (state: SecretState, { needed }: Goal): readonly SecretAction[] => {
  const deprecated = deprecatedByAge(state);
  const going = deprecated.findIndex(({ id }) => needed.has(id));
  return [going < 0 ? { type: 'pruneDeprecated' } : { type: 'pruneDeprecated', keep: deprecated.length - going }];
};

const statusActions = (state: SecretState, { status, at }: Goal): readonly SecretAction[] => {
  if (state.status === 'ENABLED' && status === 'ENABLED') return [];
  return [
    { type: 'restore', at },
    { type: 'setStatus', status: 'ENABLED', at },
    status === 'PENDING_DELETE' ? { type: 'scheduleDeletion', at } : { type: 'setStatus', status, at },
  ];
};
