import { expect, test } from 'vitest';
import {
  alibabaKms,
  awsSecretsManager,
  contradictions,
  createSecret,
  type Dialect,
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
const nowIn = ({ issued }: SecretState): number => day * (issued.lastNumber + issued.chosenIds.length);

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
    ]),
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
  const { currentStage, previousStage } = dialect;
  const places = new Map(before.stages.map(({ name, versionId }) => [name, versionId]));
  const current = versionOf(before, currentStage);
  const previousFollows = () => previousStage !== null && current !== undefined && places.set(previousStage, current);
  if (action.type === 'assignStage') {
    const leaves = action.stage === currentStage && current !== action.versionId;
    if (dialect.previousFollowsMove && leaves) previousFollows();
    places.set(action.stage, action.versionId);
  }
  if (action.type === 'removeStage') places.delete(action.stage);
  if (action.type === 'createVersion' && action.versionId === undefined) {
    const versionId = `${dialect.versionIdPrefix}${before.issued.lastNumber + 1}`;
    const { stages } = action;
    if (!stages) for (const stage of dialect.clearedStages ?? []) places.delete(stage);
    if (!stages || (dialect.previousFollowsListedCurrent && stages.some((stage) => stage === currentStage)))
      previousFollows();
    const isFirst = dialect.firstVersionIsCurrent && before.issued.lastNumber === 0;
    if (currentStage !== null && (!stages || isFirst)) places.set(currentStage, versionId);
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
  law('every stage is where it was put, where it followed, or where it was', isThere);
  law('no stage is lost', expected.size === after.stages.length);

  const gone = Object.keys(before.versions).filter((id) => !hasVersion(after, id));
  const [oldest] = deprecatedVersions(before);
  const { deprecatedStayInHours: hours = Number.NEGATIVE_INFINITY } = dialect;
  const isFull = Object.keys(before.versions).length === dialect.versionLimit;
  switch (action.type) {
    case 'createVersion': {
      law(
        'a version that makes room was the oldest deprecated one',
        gone.every((id) => id === oldest),
      );
      law('a new version takes room only where there is none', gone.length === 0 || isFull);
      const isOld = (id: string) => action.at - (before.versions[id]?.createTime ?? 0) >= hours * 3_600_000;
      law('no version makes room before its time', gone.every(isOld));
      law('a list is none only if the dialect allows it', action.stages?.length !== 0 || !dialect.emptyListIsRefused);
      if (action.versionId === undefined) break;
      law('a repeated id changes nothing', dialect.repeatedIdChangesNothing && after === before);
      law('a repeated id has the same fingerprint', action.fingerprint === 'a1');
      break;
    }
    case 'assignStage': {
      const holder = versionOf(before, action.stage) ?? null;
      law('a stage leaves the version that was named', action.from === undefined || action.from === holder);
      const isHeld = holder !== null && holder !== action.versionId;
      law(
        'a held stage moves only with its holder named',
        !dialect.movesNeedHolder || !isHeld || action.from === holder,
      );
      break;
    }
    case 'removeStage': {
      const isFixed = dialect.builtInStages.includes(action.stage) && !dialect.removableStages?.includes(action.stage);
      law('a built-in stage is removed only if it is removable', !isFixed);
      break;
    }
    case 'pruneDeprecated':
      if (dialect.deprecatedStay) law('deprecated versions stay', after === before);
      else
        law(
          'pruning leaves as many deprecated versions as it is to keep',
          deprecatedVersions(after).length <= (action.keep ?? 0),
        );
      break;
    case 'scheduleDeletion':
      law('a deletion is scheduled only where the dialect has a window', dialect.recoveryWindowInDays !== null);
      break;
    default:
  }
  if (action.type !== 'createVersion' && action.type !== 'pruneDeprecated') law('no version goes', gone.length === 0);
  return broken;
};

/** Two secrets are the same here if they differ in nothing but the names and times of their versions. */
const keyOf = (state: SecretState): string =>
  JSON.stringify([
    state.status,
    state.issued.lastNumber === 0,
    versionsByAge(state).map(({ id }) => stagesOf(state, id)),
  ]);

/** Walks from a new secret to every state there is, and checks each of them and each step that is not refused. */
const walk = (dialect: Dialect, stageNames: readonly string[]): { readonly states: number; readonly steps: number } => {
  expect(contradictions(dialect)).toEqual([]);
  const born = { name: 'db', at: 0, fingerprint: 'a1' };
  const starts = [createSecret(born, dialect)];
  if (dialect.versionsComeLater) starts.push(createSecret({ name: 'db', at: 0, versionId: null }, dialect));
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

const limits = { stageLimit: 3, versionLimit: 3 };

// Places for at most three of four stages, on n versions. A walk that finds as many states as there can be has found all.
/** One of them is on some version, and so are at most two of the three others. */
const withCurrent = (n: number): number => n * (1 + 3 * n + 3 * n * n);
const anywhere = (n: number): number => 1 + 4 * n + 6 * n * n + 4 * n * n * n;
const oneToThree = (places: (n: number) => number): number => places(1) + places(2) + places(3);

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
])(
  'every one of the $all states of a small world of $cloud.name obeys every law',
  ({ cloud, stageNames, all, steps }) => {
    expect(walk({ ...cloud, ...limits }, stageNames)).toEqual({ states: all, steps });
  },
);

const usual = 4 * oneToThree(withCurrent);
// Where no stage must be anywhere, the last version can go, and that is one state more.
const loose = 4 * (1 + oneToThree(anywhere));

test.each<readonly [Partial<Dialect>, states: number, steps: number]>([
  [{ previousFollowsMove: true }, usual, 9064],
  [{ previousFollowsListedCurrent: true }, usual, 9068],
  [{ deprecatedIsFinal: true }, usual, 7948],
  [{ repeatKeepsTime: true }, usual, 9250],
  [{ stagesNeverRest: true }, usual, 22_612],
  [{ versionLimitIsHard: true }, usual, 8236],
  [{ pruningNeedsEnabled: true }, usual, 8314],
  [{ deletionNeedsEnabled: true }, usual, 8938],
  [{ movesNeedHolder: true }, usual, 7854],
  [{ removableStages: ['SYSPREVIOUS'] }, usual, 9422],
  [{ removableStages: ['SYSCURRENT', 'SYSPREVIOUS'] }, loose, 16_187],
  [{ clearedStages: ['blue'] }, usual, 9310],
  // No version yet is another state than no version any more.
  [{ versionsComeLater: true }, loose + 4, 15_595],
  [{ versionsComeLater: true, firstVersionIsCurrent: true }, usual + 4, 9284],
  [{ firstVersionIsCurrent: true }, usual, 9250],
  [{ firstVersionIsCurrent: true, removableStages: ['SYSCURRENT', 'SYSPREVIOUS'] }, loose, 16_187],
  [{ emptyListIsRefused: true }, usual, 9112],
  [{ repeatedIdChangesNothing: true }, usual, 9666],
  [{ latestIsCurrent: true }, usual, 9250],
  [{ versionLimitIsRough: true }, usual, 9250],
  [{ deprecatedStay: true }, usual, 9248],
  [{ deprecatedStayInHours: 24 }, usual, 9208],
  // The free stage is anywhere or nowhere, and so are the two others beside the current one.
  [{ freeStages: ['blue'] }, 4 * oneToThree((n) => n * (1 + n) ** 3), 17_970],
  [{ statuses: ['ENABLED', 'DISABLED'], recoveryWindowInDays: null }, usual / 2, 7222],
  [{ previousStage: null }, usual, 9310],
  [{ currentStage: null, previousStage: null }, loose, 15_686],
  [{ stageListLimit: 1 }, usual, 8540],
])('so does every state of CSMS with %j', (changes, states, steps) => {
  expect(walk({ ...huaweiCsms, ...limits, ...changes }, ['SYSCURRENT', 'SYSPREVIOUS', 'blue', 'green'])).toEqual({
    states,
    steps,
  });
});
