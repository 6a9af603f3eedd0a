import { expect, test } from 'vitest';
import {
  alibabaKms,
  awsSecretsManager,
  contradictions,
  createSecret,
  type Dialect,
  type DialectChanges,
  defineDialect,
  deprecatedVersions,
  googleSecretManager,
  hasVersion,
  huaweiCsms,
  type SecretAction,
  type SecretState,
  stagesOf,
  tryReduce,
  versionOf,
  versionsByAge,
  violations,
} from '../src/index.ts';

const day = 86_400_000;

/** Each of the sixteen sets of four stage names. */
const listsOf = (stageNames: readonly string[]) =>
  Array.from({ length: 2 ** stageNames.length }, (_, bits) => stageNames.filter((_, index) => bits & (1 << index)));

/** As late as it takes: every version is a day younger than the one before, so each is old enough to make room. */
const nowIn = ({ versionsMade }: SecretState): number => day * versionsMade;

const isWaiting = ({ versions }: SecretState, id: string): boolean => versions[id]?.withoutValue === true;

/** Whether a new version would give a version its value. */
const isFilling = (state: SecretState, { versionId, withoutValue }: SecretAction<'createVersion'>): boolean =>
  versionId !== undefined && withoutValue !== true && isWaiting(state, versionId);

/** Everything that can be asked of a secret, but for other names and more times. */
const actionsOn = (state: SecretState, stageNames: readonly string[]): readonly SecretAction[] => {
  const ids = Object.keys(state.versions);
  const at = nowIn(state);
  const fingerprint = 'a1';
  return [
    { type: 'createVersion', at, fingerprint },
    { type: 'createVersion', at: at - day - 1, fingerprint },
    ...listsOf(stageNames).map((stages): SecretAction => ({ type: 'createVersion', at, stages, fingerprint })),
    ...ids.flatMap((versionId): SecretAction[] => [
      { type: 'createVersion', at, versionId, fingerprint },
      { type: 'createVersion', at, versionId, fingerprint: 'b2' },
      { type: 'createVersion', at, versionId, withoutValue: true },
    ]),
    { type: 'createVersion', at, withoutValue: true },
    ...listsOf(stageNames).map((stages): SecretAction => ({ type: 'createVersion', at, stages, withoutValue: true })),
    ...ids
      .filter((id) => isWaiting(state, id))
      .flatMap((versionId) =>
        listsOf(stageNames).map((stages): SecretAction => ({ type: 'createVersion', at, versionId, stages })),
      ),
    ...stageNames.flatMap((stage): SecretAction[] => [
      { type: 'removeStage', stage, at },
      ...ids.map((from): SecretAction => ({ type: 'removeStage', stage, at, from })),
      ...ids.flatMap((versionId): SecretAction[] => [
        { type: 'assignStage', stage, versionId, at },
        { type: 'assignStage', stage, versionId, at: at + 1 },
        ...[...ids, null].map((from): SecretAction => ({ type: 'assignStage', stage, versionId, at, from })),
      ]),
    ]),
    { type: 'pruneDeprecated' },
    { type: 'pruneDeprecated', keep: 1 },
    { type: 'scheduleDeletion', at },
    { type: 'restore', at },
    { type: 'setStatus', status: 'ENABLED', at },
    { type: 'setStatus', status: 'DISABLED', at },
    { type: 'setStatus', status: 'FROZEN', at },
  ];
};

/** Where each stage must be after an accepted action: what it asks for, what follows by a rule, and all else as it was. */
const expectedStages = (before: SecretState, action: SecretAction, dialect: Dialect): ReadonlyMap<string, string> => {
  const { current, previous, pending, previousFollows } = dialect.stages;
  const places = new Map(before.stages.map(({ name, versionId }) => [name, versionId]));
  const holder = versionOf(before, current);
  const previousIsPut = () => previous !== null && holder !== undefined && places.set(previous, holder);
  if (action.type === 'assignStage') {
    const leaves = action.stage === current && holder !== action.versionId;
    if (previousFollows === 'any-move' && leaves) previousIsPut();
    places.set(action.stage, action.versionId);
  }
  if (action.type === 'removeStage') places.delete(action.stage);
  if (action.type === 'createVersion' && (action.versionId === undefined || isFilling(before, action))) {
    const { stages, withoutValue, versionId = `${dialect.versions.idPrefix}${before.lastNumber + 1}` } = action;
    if (!stages && pending !== null) places.delete(pending);
    const follows = !stages || (previousFollows !== 'plain-version' && stages.some((stage) => stage === current));
    if (follows && holder !== versionId) previousIsPut();
    const isFirst = dialect.secret.firstVersion === 'may-come-later-and-is-current' && before.lastNumber === 0;
    if (current !== null && (!stages || (isFirst && !withoutValue))) places.set(current, versionId);
    for (const stage of stages ?? []) places.set(stage, versionId);
  }
  return places;
};

/** The laws about steps that an accepted action breaks, by what it has done and by what it was. */
const brokenSteps = (
  before: SecretState,
  action: SecretAction,
  after: SecretState,
  dialect: Dialect,
): readonly string[] => {
  const broken: string[] = [];
  const law = (sentence: string, holds: boolean | undefined) => holds || broken.push(sentence);

  const expected = expectedStages(before, action, dialect);
  const isThere = after.stages.every(({ name, versionId }) => expected.get(name) === versionId);
  law('every stage is where it was assigned, where it followed, or where it was', isThere);
  law('no stage is lost', expected.size === after.stages.length);

  const gone = Object.keys(before.versions).filter((id) => !hasVersion(after, id));
  const [oldest] = deprecatedVersions(before);
  const { limit, lists, repeatedId, mayAwaitValue, prune } = dialect.versions;
  const hours = limit?.whenFull === 'drop-oldest-deprecated' ? limit.sparedHours : undefined;
  const isFull = Object.keys(before.versions).length === limit?.most;
  switch (action.type) {
    case 'createVersion': {
      law(
        'a version that makes room was the oldest deprecated one',
        gone.every((id) => id === oldest),
      );
      law('a version is deleted to make room only at the limit', gone.length === 0 || isFull);
      const isOld = (id: string) =>
        action.at - (before.versions[id]?.createTime ?? 0) >= (hours ?? Number.NEGATIVE_INFINITY) * 3_600_000;
      law('no version is deleted before its spared hours end', gone.every(isOld));
      law(
        'a full secret loses a version only if the dialect drops one',
        gone.length === 0 || limit?.whenFull !== 'refuse',
      );
      law('a list is empty only if the dialect allows it', action.stages?.length !== 0 || lists.least === 0);
      law('a list is no longer than the dialect allows', (action.stages?.length ?? 0) <= lists.most);
      const { versionId: id = `${dialect.versions.idPrefix}${after.lastNumber}`, fingerprint, withoutValue } = action;
      law('only a dialect that allows it has a version without a value', mayAwaitValue || !withoutValue);
      law(
        'a version is without a value exactly if it was requested so',
        isWaiting(after, id) === (withoutValue ?? false),
      );
      const { pending, current } = dialect.stages;
      const rotated = versionOf(before, pending);
      law(
        'a rotation begins only after the one before is complete',
        !withoutValue || action.versionId !== undefined || [undefined, versionOf(before, current)].includes(rotated),
      );
      law(
        'every other version stays',
        versionsByAge(after).every((each) => each.id === id || before.versions[each.id] === each),
      );
      if (action.versionId === undefined) break;
      if (isFilling(before, action)) {
        const { withoutValue: _, ...rest } = { ...before.versions[id] };
        const filled = { ...rest, ...(fingerprint !== undefined && { fingerprint }) };
        law(
          'a version that gets its value stays the same version',
          JSON.stringify(after.versions[id]) === JSON.stringify(filled),
        );
        law('no version makes room for a value', gone.length === 0);
        break;
      }
      law('a repeated id changes nothing', repeatedId === 'ignored' && after === before);
      law(
        'a repeated id has the same content',
        withoutValue ? isWaiting(before, id) : before.versions[id]?.fingerprint === fingerprint,
      );
      break;
    }
    case 'assignStage': {
      const holder = versionOf(before, action.stage) ?? null;
      law('a stage leaves the version that was named', action.from === undefined || action.from === holder);
      const isHeld = holder !== null && holder !== action.versionId;
      law(
        'a held stage moves only with its holder named',
        dialect.stages.move === 'free' || !isHeld || action.from === holder,
      );
      break;
    }
    case 'removeStage': {
      const { current, previous, previousIsRemovable } = dialect.stages;
      law('the current stage is never removed', action.stage !== current);
      law('the previous stage is removed only if it is removable', previousIsRemovable || action.stage !== previous);
      break;
    }
    case 'pruneDeprecated':
      if (prune === 'keeps') law('deprecated versions stay', after === before);
      else
        law(
          'pruning leaves as many deprecated versions as it is to keep',
          deprecatedVersions(after).length <= (action.keep ?? 0),
        );
      break;
    case 'scheduleDeletion':
      law('a deletion is scheduled only if the dialect has deletionDays', dialect.secret.deletionDays !== null);
      break;
    default:
  }
  if (action.type !== 'createVersion' && action.type !== 'pruneDeprecated')
    law('no version is deleted', gone.length === 0);
  return broken;
};

/** Two secrets are the same here if they differ in nothing but the names, times and fingerprints of their versions. */
const keyOf = (state: SecretState): string =>
  JSON.stringify([
    state.status,
    state.versionsMade === 0,
    versionsByAge(state).map(({ id, withoutValue }) => [stagesOf(state, id), withoutValue]),
  ]);

/** Walks from a new secret to every state there is, and checks each of them and each step that is not refused. */
const walk = (dialect: Dialect, stageNames: readonly string[]): { readonly states: number; readonly steps: number } => {
  expect(contradictions(dialect)).toEqual([]);
  const born = { name: 'db', at: 0, fingerprint: 'a1' };
  const starts = [createSecret(born, dialect)];
  if (dialect.secret.firstVersion !== 'at-creation')
    starts.push(createSecret({ name: 'db', at: 0, versionId: null }, dialect));
  const seen = new Map(starts.map((start) => [keyOf(start), start]));
  let steps = 0;
  // A Map iterates also over what is added on the way.
  for (const state of seen.values()) {
    expect(violations(state, dialect)).toEqual([]);
    const before = JSON.stringify(state);
    for (const action of actionsOn(state, stageNames)) {
      const outcome = tryReduce(state, action, dialect);
      if (!outcome.ok) continue;
      steps++;
      const broken = brokenSteps(state, action, outcome.state, dialect);
      const isSame = JSON.stringify(outcome.state) === before;
      // An expectation costs as much as all else that a step does.
      if (broken.length > 0 || isSame !== (outcome.state === state))
        expect({ state, action, broken, isSame }).toBe('lawful');
      const key = keyOf(outcome.state);
      if (!seen.has(key)) seen.set(key, outcome.state);
    }
    expect(JSON.stringify(state)).toBe(before);
  }
  return { states: seen.size, steps };
};

/** With three stages and three versions at most, each with a value. */
const small = (dialect: Dialect): Dialect =>
  defineDialect(dialect, {
    stages: { limit: 3 },
    versions: {
      limit: { ...(dialect.versions.limit ?? { whenFull: 'drop-oldest-deprecated' }), most: 3 },
      mayAwaitValue: false,
    },
  });

// Places for at most three of four stages, on n versions. A walk that finds as many states as there can be has found all.
/** One of them is on some version, and so are at most two of the three others. */
const withCurrent = (n: number): number => n * (1 + 3 * n + 3 * n * n);
const anywhere = (n: number): number => 1 + 4 * n + 6 * n * n + 4 * n * n * n;
const oneToThree = (places: (n: number) => number): number => places(1) + places(2) + places(3);

/** The same, and each version with or without a value. */
const withOrWithout = (places: (n: number) => number) => (n: number) => 2 ** n * places(n);

const own = ['blue', 'green', 'red', 'prod'];

test.each([
  // The current stage is on a version from the first one on, and the first one is born with the secret.
  {
    cloud: huaweiCsms,
    stageNames: ['SYSCURRENT', 'SYSPREVIOUS', 'blue', 'green'],
    all: 4 * oneToThree(withCurrent),
    steps: 9250,
  },
  // One state more, in each of the two statuses: no version yet.
  {
    cloud: awsSecretsManager,
    stageNames: ['AWSCURRENT', 'AWSPENDING', 'AWSPREVIOUS', 'blue'],
    all: 2 * (1 + oneToThree(withCurrent)),
    steps: 5899,
  },
  {
    cloud: alibabaKms,
    stageNames: ['ACSCurrent', 'ACSPrevious', 'blue', 'green'],
    all: 2 * oneToThree(withCurrent),
    steps: 7298,
  },
  // No status, no stage that must be anywhere, and no version yet at first. It has no version limit, so this one is ours.
  { cloud: googleSecretManager, stageNames: own, all: 1 + oneToThree(anywhere), steps: 9560 },
])('all $all states of a small world of $cloud.title obey every law', ({ cloud, stageNames, all, steps }) => {
  expect(walk(small(cloud), stageNames)).toEqual({ states: all, steps });
});

const usual = 4 * oneToThree(withCurrent);
// Where no stage must be anywhere, the last version can go, and that is one state more.
const loose = 4 * (1 + oneToThree(anywhere));

test.each<readonly [DialectChanges, states: number, steps: number]>([
  [{ stages: { previousFollows: 'any-version' } }, usual, 9068],
  // Without the previous stage, the current one is still on the first version: it has never moved.
  [{ stages: { previousFollows: 'any-move' } }, 4 * oneToThree((n) => n * n * (1 + 2 * n) + (1 + n) ** 2), 6530],
  [{ stages: { move: 'from-the-named-holder' } }, usual, 7854],
  [{ stages: { previousIsRemovable: true } }, usual, 9422],
  [{ stages: { pending: 'blue' } }, usual, 9310],
  [{ stages: { previous: null } }, usual, 9482],
  [{ stages: { current: null, previous: null }, versions: { latest: 'newest' } }, loose, 16_310],
  // The built-in stages do not count, and a single other stage never reaches the limit.
  [{ stages: { limitCounts: 'custom', pending: 'blue' } }, 4 * oneToThree((n) => n * (1 + n) ** 3), 17_970],
  [{ versions: { limit: { most: 3, whenFull: 'refuse' } } }, usual, 8236],
  [{ versions: { limit: { most: 3, whenFull: 'drop-oldest-deprecated', isRough: true } } }, usual, 9250],
  [{ versions: { limit: { most: 3, whenFull: 'drop-oldest-deprecated', sparedHours: 24 } } }, usual, 9208],
  [{ versions: { prune: 'keeps' } }, usual, 9248],
  [{ versions: { lists: { least: 1, most: 12 } } }, usual, 9112],
  [{ versions: { lists: { least: 0, most: 1 } } }, usual, 8540],
  [{ versions: { repeatedId: 'ignored' } }, usual, 9666],
  [{ versions: { latest: 'current' } }, usual, 9250],
  // No version yet is another state than no version any more.
  [{ secret: { firstVersion: 'may-come-later' } }, loose + 4, 15_595],
  [{ secret: { firstVersion: 'may-come-later-and-is-current' } }, usual + 4, 9284],
  [{ secret: { pausedAs: ['DISABLED'], deletionDays: null } }, usual / 2, 7222],
])('every state of a small world of CSMS with %j obeys every law', (changes, states, steps) => {
  expect(walk(defineDialect(small(huaweiCsms), changes), ['SYSCURRENT', 'SYSPREVIOUS', 'blue', 'green'])).toEqual({
    states,
    steps,
  });
});

test.each([
  // Without a value, the first version need not be current, and then no version has to be.
  {
    cloud: awsSecretsManager,
    stageNames: ['AWSCURRENT', 'AWSPENDING', 'AWSPREVIOUS', 'blue'],
    all: 2 * (1 + oneToThree(withOrWithout((n) => withCurrent(n) + (1 + n) ** 3))),
    steps: 101_930,
  },
  {
    cloud: huaweiCsms,
    stageNames: ['SYSCURRENT', 'SYSPREVIOUS', 'blue', 'green'],
    all: 4 * oneToThree(withOrWithout(withCurrent)),
    steps: 89_316,
  },
])('all $all states of a small world of $cloud.title with versions without a value obey every law', (world) => {
  const dialect = defineDialect(small(world.cloud), { versions: { mayAwaitValue: true } });
  expect(walk(dialect, world.stageNames)).toEqual({ states: world.all, steps: world.steps });
});
